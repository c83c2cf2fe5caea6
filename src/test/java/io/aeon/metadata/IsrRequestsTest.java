package io.aeon.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.IsrRequests.Change;
import io.aeon.metadata.IsrRequests.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterPartitionResponseData.PartitionData;
import org.apache.kafka.common.message.AlterPartitionResponseData.TopicData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class IsrRequestsTest {
    private static final int SELF = 1;
    private static final Uuid TOPIC = new Uuid(3, 4);

    private record Sent(AlterPartitionRequestData request, CompletableFuture<AlterPartitionResponseData> response) {}

    private final Deque<Sent> sent = new ArrayDeque<>();
    private final Deque<Runnable> pauses = new ArrayDeque<>();
    private final IsrRequests requests = new IsrRequests(SELF, () -> 10, this::send, pauses::add);

    private CompletableFuture<AlterPartitionResponseData> send(AlterPartitionRequestData request) {
        Sent each = new Sent(request, new CompletableFuture<>());
        sent.add(each);
        return each.response();
    }

    @Test
    void aChangeNamesThisBrokerAndTheOthersWithTheirEpochs() {
        requests.ask(new Change(TOPIC, 2, 7, 5, Map.of(3, 30L)));

        AlterPartitionRequestData request = sent.remove().request();
        assertThat(request.brokerId()).isEqualTo(SELF);
        assertThat(request.brokerEpoch()).isEqualTo(10);
        assertThat(request.topics().get(0).topicId()).isEqualTo(TOPIC);
        assertThat(request.topics().get(0).partitions()).singleElement().satisfies(partition -> {
            assertThat(partition.partitionIndex()).isEqualTo(2);
            assertThat(partition.leaderEpoch()).isEqualTo(7);
            assertThat(partition.partitionEpoch()).isEqualTo(5);
            assertThat(partition.newIsrWithEpochs())
                    .containsExactly(
                            new BrokerState().setBrokerId(SELF).setBrokerEpoch(10),
                            new BrokerState().setBrokerId(3).setBrokerEpoch(30));
        });
    }

    @Test
    void changesThatComeWhileARequestIsUnderWayGoTogetherInTheNextOne() {
        CompletableFuture<Result> first = requests.ask(change(0));
        CompletableFuture<Result> second = requests.ask(change(1));
        CompletableFuture<Result> third = requests.ask(change(2));
        assertThat(sent).hasSize(1);

        sent.remove().response().complete(response(accepted(0)));
        assertThat(first).isCompletedWithValue(new Result(Errors.NONE, 6, Set.of(3)));
        assertThat(indexes(sent.peek())).containsExactly(1, 2);
        sent.remove()
                .response()
                .complete(response(
                        accepted(1),
                        new PartitionData().setPartitionIndex(2).setErrorCode(Errors.INELIGIBLE_REPLICA.code())));

        assertThat(second).isCompletedWithValue(new Result(Errors.NONE, 6, Set.of(3)));
        assertThat(third).isCompletedWithValue(new Result(Errors.INELIGIBLE_REPLICA, -1, Set.of()));
        assertThat(sent).isEmpty();
    }

    @Test
    void aRequestThatFailsIsRepeatedAfterAPauseWithWhatHasComeMeanwhile() {
        CompletableFuture<Result> first = requests.ask(change(0));
        CompletableFuture<Result> second = requests.ask(change(1));
        sent.remove().response().completeExceptionally(new NotControllerException("moved"));
        assertThat(sent).isEmpty();

        pauses.remove().run();

        assertThat(indexes(sent.peek())).containsExactly(0, 1);
        sent.remove()
                .response()
                .complete(new AlterPartitionResponseData().setErrorCode(Errors.STALE_BROKER_EPOCH.code()));
        pauses.remove().run();
        sent.remove().response().complete(response(accepted(0), accepted(1)));
        assertThat(first).isCompletedWithValue(new Result(Errors.NONE, 6, Set.of(3)));
        assertThat(second).isCompletedWithValue(new Result(Errors.NONE, 6, Set.of(3)));
    }

    @Test
    void aNewerChangeOfAPartitionReplacesOneThatWaits() {
        CompletableFuture<Result> underWay = requests.ask(change(0));
        CompletableFuture<Result> waits = requests.ask(change(0));
        CompletableFuture<Result> newest = requests.ask(change(0));
        assertThat(waits).isCompletedWithValue(new Result(Errors.REQUEST_TIMED_OUT, -1, Set.of()));

        sent.remove().response().completeExceptionally(new NotControllerException("moved"));
        pauses.remove().run();

        assertThat(underWay).isCompletedWithValue(new Result(Errors.REQUEST_TIMED_OUT, -1, Set.of()));
        assertThat(indexes(sent.peek())).containsExactly(0);
        sent.remove().response().complete(response(accepted(0)));
        assertThat(newest).isCompletedWithValue(new Result(Errors.NONE, 6, Set.of(3)));
    }

    private static Change change(int partition) {
        return new Change(TOPIC, partition, 7, 5, Map.of(3, 30L));
    }

    private static PartitionData accepted(int partition) {
        return new PartitionData()
                .setPartitionIndex(partition)
                .setPartitionEpoch(6)
                .setIsr(List.of(SELF, 3));
    }

    private static AlterPartitionResponseData response(PartitionData... partitions) {
        TopicData topic = new TopicData().setTopicId(TOPIC).setPartitions(new ArrayList<>(List.of(partitions)));
        return new AlterPartitionResponseData().setTopics(List.of(topic));
    }

    private static List<Integer> indexes(Sent request) {
        return request.request().topics().get(0).partitions().stream()
                .map(AlterPartitionRequestData.PartitionData::partitionIndex)
                .toList();
    }
}
