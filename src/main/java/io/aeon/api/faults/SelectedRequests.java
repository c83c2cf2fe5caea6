package io.aeon.api.faults;

import io.aeon.api.faults.FaultAction.Kind;
import io.aeon.control.InjectedFault;
import io.aeon.control.Requests;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** A selection, and the faults that can begin with it. */
final class SelectedRequests implements Requests {
    private final Selection selection;
    private final BiFunction<Selection, FaultAction, InjectedFault> begin;

    /** @param begin begins a fault */
    SelectedRequests(Selection selection, BiFunction<Selection, FaultAction, InjectedFault> begin) {
        this.selection = selection;
        this.begin = begin;
    }

    @Override
    public Requests topic(String name) {
        requireTopics();
        return with(
                new Selection(selection.api(), name, selection.partition(), selection.clientId(), selection.times()));
    }

    @Override
    public Requests partition(int index) {
        requireTopics();
        return with(new Selection(selection.api(), selection.topic(), index, selection.clientId(), selection.times()));
    }

    @Override
    public Requests clientId(String id) {
        return with(new Selection(selection.api(), selection.topic(), selection.partition(), id, selection.times()));
    }

    @Override
    public Requests times(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("times is " + count + ", and must be positive");
        }
        return with(
                new Selection(selection.api(), selection.topic(), selection.partition(), selection.clientId(), count));
    }

    private Requests with(Selection narrower) {
        return new SelectedRequests(narrower, begin);
    }

    private void requireTopics() {
        ApiKeys api = selection.api();
        if (!NamedTopics.in(api.messageType.requestSchemas()[api.latestVersion()])) {
            throw new IllegalArgumentException(api.name + " requests name no topics");
        }
    }

    @Override
    public InjectedFault fail(String error) {
        return begin(FaultAction.fail(error(error), false));
    }

    /** A Fetch has no effect, so that its request is as good as its answer. */
    @Override
    public InjectedFault failReply(String error) {
        return begin(FaultAction.fail(error(error), selection.api() != ApiKeys.FETCH));
    }

    @Override
    public InjectedFault delay(Duration time) {
        return begin(FaultAction.delay(time, false));
    }

    @Override
    public InjectedFault delayReply(Duration time) {
        return begin(FaultAction.delay(time, true));
    }

    @Override
    public InjectedFault drop() {
        return begin(FaultAction.of(Kind.DROP, false));
    }

    @Override
    public InjectedFault dropReply() {
        return begin(FaultAction.of(Kind.DROP, true));
    }

    @Override
    public InjectedFault hold() {
        return begin(FaultAction.of(Kind.HOLD, false));
    }

    @Override
    public InjectedFault holdReply() {
        return begin(FaultAction.of(Kind.HOLD, true));
    }

    @Override
    public InjectedFault duplicate() {
        return begin(FaultAction.of(Kind.DUPLICATE, false));
    }

    private InjectedFault begin(FaultAction action) {
        return begin.apply(selection, action);
    }

    private static Errors error(String name) {
        return Arrays.stream(Errors.values())
                .filter(error -> error != Errors.NONE && error.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Kafka has no error of the name " + name));
    }
}
