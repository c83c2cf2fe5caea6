package io.aeon.api.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.CurrentLeader;
import io.aeon.storage.log.AppendResult;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class ProduceReplyTest {
    private static final long NO_TIME = -1;

    private final ProduceReply reply = new ProduceReply();
    private final TopicProduceResponse topic = reply.topic("orders", Uuid.ZERO_UUID);
    private final PartitionProduceResponse first = reply.partition(topic, 0);
    private final PartitionProduceResponse second = reply.partition(topic, 1);

    @Test
    void isCompleteWhenEveryPartitionHasItsResult() {
        reply.appended(first, new AppendResult(40, 42, 7), NO_TIME);
        reply.gathered();
        assertThat(reply.complete()).isNotDone();

        reply.failed(second, new CompletionException(new NotLeaderOrFollowerException("moved")));

        assertThat(reply.complete().join().responses().find("orders", Uuid.ZERO_UUID))
                .isSameAs(topic);
        assertThat(topic.partitionResponses()).containsExactly(first, second);
        assertThat(first)
                .isEqualTo(new PartitionProduceResponse()
                        .setIndex(0)
                        .setBaseOffset(40)
                        .setLogAppendTimeMs(NO_TIME)
                        .setLogStartOffset(7));
        assertThat(second.errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(second.errorMessage()).isEqualTo("moved");
        assertThat(second.baseOffset()).isEqualTo(-1);
    }

    @Test
    void namesTheLeaderOfAPartitionThatAnotherBrokerLeads() {
        CurrentLeader leader = new CurrentLeader(3, 7, new Node(3, "host", 9092));
        reply.failed(first, new NotLeaderOrFollowerException("moved"), leader);
        reply.failed(second, new NotLeaderOrFollowerException("moved"), leader);
        reply.gathered();

        assertThat(second.currentLeader().leaderId()).isEqualTo(3);
        assertThat(second.currentLeader().leaderEpoch()).isEqualTo(7);
        assertThat(reply.complete().join().nodeEndpoints()).singleElement().satisfies(node -> {
            assertThat(node.nodeId()).isEqualTo(3);
            assertThat(node.host()).isEqualTo("host");
            assertThat(node.port()).isEqualTo(9092);
        });
    }

    @Test
    void waitsUntilAllPartitionsAreAdded() {
        reply.appended(first, new AppendResult(0, 0, 0), NO_TIME);
        reply.appended(second, new AppendResult(0, 0, 0), NO_TIME);

        assertThat(reply.complete()).isNotDone();

        reply.gathered();

        assertThat(reply.complete()).isDone();
    }

    @Test
    void aLateResultDoesNotReplaceTheTimeout() {
        reply.gathered();
        reply.appended(first, new AppendResult(40, 42, 7), NO_TIME);

        reply.timedOut();
        assertThat(reply.settled()).isNotDone();
        reply.appended(second, new AppendResult(5, 5, 0), NO_TIME);

        assertThat(reply.complete()).isDone();
        assertThat(reply.settled()).isDone();
        assertThat(first.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(first.baseOffset()).isEqualTo(40);
        assertThat(second.errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(second.baseOffset()).isEqualTo(-1);
    }
}
