package io.aeon.metadata;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionRequestData.PartitionData;
import org.apache.kafka.common.message.AlterPartitionRequestData.TopicData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the active controller for other ISRs of the partitions that this broker leads (AlterPartition, KIP-497). One
 * request at a time, with all changes that were asked for meanwhile, so that the controller gets the changes of a
 * partition in their order. A request that fails as a whole is repeated after a pause. Thread-safe.
 */
public final class IsrRequests {
    private static final Logger logger = LoggerFactory.getLogger(IsrRequests.class);

    private final int self;
    private final LongSupplier brokerEpoch;
    private final Function<AlterPartitionRequestData, CompletableFuture<AlterPartitionResponseData>> controller;
    private final Executor afterPause;
    private Map<Place, Asked> waiting = new LinkedHashMap<>();
    private boolean underWay;

    /**
     * @param brokerEpoch epoch of this broker's registration
     * @param controller sends a request; see {@link Controller#alterPartition}
     * @param afterPause runs a task some time later
     */
    public IsrRequests(
            int self,
            LongSupplier brokerEpoch,
            Function<AlterPartitionRequestData, CompletableFuture<AlterPartitionResponseData>> controller,
            Executor afterPause) {
        this.self = self;
        this.brokerEpoch = brokerEpoch;
        this.controller = controller;
        this.afterPause = afterPause;
    }

    /**
     * A leader's change of an ISR.
     *
     * @param partitionEpoch the change is refused if the partition has changed since this epoch
     * @param others broker epochs of the members by their ids, without this broker; -1 is not compared
     */
    public record Change(Uuid topicId, int partition, int leaderEpoch, int partitionEpoch, Map<Integer, Long> others) {}

    /**
     * The controller's answer.
     *
     * @param partitionEpoch after the change; only without an error
     * @param others the members after the change without this broker; only without an error
     */
    public record Result(Errors error, int partitionEpoch, Set<Integer> others) {
        static Result failed(Errors error) {
            return new Result(error, -1, Set.of());
        }
    }

    private record Place(Uuid topicId, int partition) {}

    private record Asked(Change change, CompletableFuture<Result> result) {}

    /**
     * Asks for a change; the future never fails. A change that still waits when another one of its partition comes is
     * not sent (again): its result is REQUEST_TIMED_OUT.
     */
    public CompletableFuture<Result> ask(Change change) {
        Asked asked = new Asked(change, new CompletableFuture<>());
        Asked former;
        synchronized (this) {
            former = waiting.put(place(change), asked);
        }
        if (former != null) {
            former.result().complete(Result.failed(Errors.REQUEST_TIMED_OUT));
        }
        sendNext();
        return asked.result();
    }

    private static Place place(Change change) {
        return new Place(change.topicId(), change.partition());
    }

    private void sendNext() {
        Map<Place, Asked> sent;
        synchronized (this) {
            if (underWay || waiting.isEmpty()) {
                return;
            }
            underWay = true;
            sent = waiting;
            waiting = new LinkedHashMap<>();
        }
        CompletableFuture<AlterPartitionResponseData> answer;
        try {
            answer = controller.apply(
                    request(sent.values().stream().map(Asked::change).toList()));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        var unused = answer.whenComplete((response, failure) -> {
            Errors error = failure == null ? Errors.forCode(response.errorCode()) : Errors.forException(failure);
            if (error == Errors.NONE) {
                answered(sent, response);
            } else {
                logger.debug("A request for other ISRs failed and is repeated", error.exception());
                afterPause.execute(() -> repeat(sent));
            }
        });
    }

    private AlterPartitionRequestData request(List<Change> changes) {
        long epoch = brokerEpoch.getAsLong();
        Map<Uuid, TopicData> topics = new LinkedHashMap<>();
        for (Change change : changes) {
            List<BrokerState> isr = new ArrayList<>();
            isr.add(new BrokerState().setBrokerId(self).setBrokerEpoch(epoch));
            change.others()
                    .forEach((id, theirs) ->
                            isr.add(new BrokerState().setBrokerId(id).setBrokerEpoch(theirs)));
            topics.computeIfAbsent(change.topicId(), id -> new TopicData().setTopicId(id))
                    .partitions()
                    .add(new PartitionData()
                            .setPartitionIndex(change.partition())
                            .setLeaderEpoch(change.leaderEpoch())
                            .setPartitionEpoch(change.partitionEpoch())
                            .setNewIsrWithEpochs(isr));
        }
        return new AlterPartitionRequestData()
                .setBrokerId(self)
                .setBrokerEpoch(epoch)
                .setTopics(new ArrayList<>(topics.values()));
    }

    private void answered(Map<Place, Asked> sent, AlterPartitionResponseData response) {
        Map<Place, Result> results = new HashMap<>();
        response.topics()
                .forEach(topic -> topic.partitions()
                        .forEach(each -> results.put(
                                new Place(topic.topicId(), each.partitionIndex()),
                                result(Errors.forCode(each.errorCode()), each.partitionEpoch(), each.isr()))));
        ended();
        sent.forEach((place, asked) ->
                asked.result().complete(results.getOrDefault(place, Result.failed(Errors.UNKNOWN_SERVER_ERROR))));
    }

    private Result result(Errors error, int partitionEpoch, List<Integer> isr) {
        if (error != Errors.NONE) {
            return Result.failed(error);
        }
        Set<Integer> others = new HashSet<>(isr);
        others.remove(self);
        return new Result(error, partitionEpoch, Set.copyOf(others));
    }

    private void repeat(Map<Place, Asked> failed) {
        List<Asked> replaced = new ArrayList<>();
        synchronized (this) {
            waiting.forEach((place, newer) -> {
                Asked older = failed.put(place, newer);
                if (older != null) {
                    replaced.add(older);
                }
            });
            waiting = failed;
        }
        replaced.forEach(each -> each.result().complete(Result.failed(Errors.REQUEST_TIMED_OUT)));
        ended();
    }

    private void ended() {
        synchronized (this) {
            underWay = false;
        }
        sendNext();
    }
}
