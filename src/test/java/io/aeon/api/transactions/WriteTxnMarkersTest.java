package io.aeon.api.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.Calls;
import io.aeon.broker.FakeMetadata;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.junit.jupiter.api.Test;

/** Each partition of a request has an outcome of its own. */
class WriteTxnMarkersTest {
    private static final int HANGS = 1;
    private static final int FAILS = 2;

    private final FakeMetadata cluster = new FakeMetadata();

    @Test
    void aPartitionThatDoesNotAnswerHoldsUpTheOthersForALimitedTime() throws Exception {
        cluster.add("t", 3);
        WriteTxnMarkersHandler handler = new WriteTxnMarkersHandler(
                (marker, epoch) -> switch (marker.partition().partition()) {
                    case HANGS -> new CompletableFuture<>();
                    case FAILS -> CompletableFuture.failedFuture(new NotLeaderOrFollowerException());
                    default -> CompletableFuture.completedFuture(null);
                },
                cluster.metadata());

        WriteTxnMarkersResponseData response = Calls.call(
                handler,
                new WriteTxnMarkersRequestData().setMarkers(List.of(abortOf(7), abortOf(8))),
                WriteTxnMarkersResponseData.class);

        Map<TopicPartition, Errors> each = Map.of(
                new TopicPartition("t", 0), Errors.NONE,
                new TopicPartition("t", HANGS), Errors.REQUEST_TIMED_OUT,
                new TopicPartition("t", FAILS), Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(new WriteTxnMarkersResponse(response).errorsByProducerId()).isEqualTo(Map.of(7L, each, 8L, each));
    }

    private static WritableTxnMarker abortOf(long producerId) {
        return new WritableTxnMarker()
                .setProducerId(producerId)
                .setTopics(List.of(
                        new WritableTxnMarkerTopic().setName("t").setPartitionIndexes(List.of(0, HANGS, FAILS))));
    }
}
