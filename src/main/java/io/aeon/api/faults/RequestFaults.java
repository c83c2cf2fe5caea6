package io.aeon.api.faults;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.RequestContext;
import io.aeon.broker.Timer;
import io.aeon.control.InjectedFault;
import io.aeon.control.Requests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** The faults of one broker's requests and answers. Without one, a request costs the read of one field. Thread-safe. */
public final class RequestFaults implements AutoCloseable {
    private final ConnectionOrder order = new ConnectionOrder();
    /** Null if there are none; otherwise in the order in which they began. */
    private volatile @Nullable List<FaultRule> rules;

    private boolean closed;

    /** See {@link io.aeon.control.BrokerControl#requests}. */
    public Requests requests(String api) {
        return new SelectedRequests(Selection.of(key(api)), this::begin);
    }

    private static ApiKeys key(String name) {
        return Arrays.stream(ApiKeys.values())
                .filter(key -> key.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Kafka has no API of the name " + name));
    }

    /**
     * The same APIs, in which these faults act.
     *
     * @param topicNames the name of each topic by its id
     * @param timer for delays
     */
    public ApiTable in(ApiTable apis, Function<Uuid, Optional<String>> topicNames, Timer timer) {
        return apis.with(handler -> faulty(handler, topicNames, timer));
    }

    private <Q extends ApiMessage> ApiHandler<Q> faulty(
            ApiHandler<Q> handler, Function<Uuid, Optional<String>> topicNames, Timer timer) {
        return new FaultyHandler<>(handler, this, new MessageParts(topicNames), timer);
    }

    private synchronized InjectedFault begin(Selection selection, FaultAction action) {
        FaultRule rule = new FaultRule(selection, action, this::remove);
        if (closed) {
            throw new IllegalStateException("the broker is closed");
        }
        List<FaultRule> more = rules == null ? new ArrayList<>() : new ArrayList<>(rules);
        more.add(rule);
        rules = List.copyOf(more);
        return rule;
    }

    private synchronized void remove(FaultRule rule) {
        if (rules != null) {
            List<FaultRule> fewer = rules.stream().filter(each -> each != rule).toList();
            rules = fewer.isEmpty() ? null : fewer;
        }
    }

    /** Whether no request is affected now. */
    boolean areNone() {
        return rules == null;
    }

    ConnectionOrder order() {
        return order;
    }

    /** Whether there is such a fault of this API. */
    boolean exist(ApiKeys api, Predicate<FaultRule> kind) {
        List<FaultRule> now = rules;
        return now != null && now.stream().anyMatch(rule -> rule.selection().api() == api && kind.test(rule));
    }

    /**
     * The fault that acts on a request, or on its answer, which counts as a hit.
     *
     * @param selected whether a fault selects parts of it
     */
    @Nullable
    FaultRule hit(ApiKeys api, RequestContext context, boolean isReply, Predicate<Selection> selected) {
        List<FaultRule> now = rules;
        if (now == null) {
            return null;
        }
        for (FaultRule rule : now) {
            Selection selection = rule.selection();
            if (selection.api() == api
                    && rule.action().onReply() == isReply
                    && selection.hasClient(context.clientId())
                    && (!selection.isOfParts() || selected.test(selection))
                    && rule.hit()) {
                return rule;
            }
        }
        return null;
    }

    /** The broker was killed: what is held back has no handler any more. The faults last. */
    public void killed() {
        List<FaultRule> now = rules;
        if (now != null) {
            now.forEach(FaultRule::giveUp);
        }
    }

    /** Ends all faults. What they hold back is not handled any more and not answered. */
    @Override
    public void close() {
        List<FaultRule> last;
        synchronized (this) {
            closed = true;
            last = rules == null ? List.of() : rules;
        }
        last.forEach(rule -> rule.end(false));
    }
}
