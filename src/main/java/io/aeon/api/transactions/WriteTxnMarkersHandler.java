package io.aeon.api.transactions;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.ProducerIdentity;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.transaction.TransactionMarkers;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * WriteTxnMarkers: ends transactions in single partitions. Coordinators on other brokers send it to the leaders of the
 * partitions; administrators use it to abort hanging transactions.
 */
public final class WriteTxnMarkersHandler implements ApiHandler<WriteTxnMarkersRequestData> {
    /** A partition that hangs must not hold up the markers of the other transactions in the request for longer. */
    private static final long LONGEST_WAIT_MS = 2000;

    private final TransactionMarkers markers;
    private final Metadata metadata;

    public WriteTxnMarkersHandler(TransactionMarkers markers, Metadata metadata) {
        this.markers = markers;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.WRITE_TXN_MARKERS;
    }

    @Override
    public CompletionStage<Reply> handle(WriteTxnMarkersRequestData request, RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        WriteTxnMarkersResponseData response = new WriteTxnMarkersResponseData();
        List<CompletableFuture<?>> written = new ArrayList<>();
        for (WritableTxnMarker marker : request.markers()) {
            WritableTxnMarkerResult result = new WritableTxnMarkerResult().setProducerId(marker.producerId());
            List<WritableTxnMarkerTopic> topicsWithPartitions = marker.topics().stream()
                    .filter(topic -> !topic.partitionIndexes().isEmpty())
                    .toList();
            if (!topicsWithPartitions.isEmpty()) {
                response.markers().add(result);
            }
            topicsWithPartitions.forEach(topic -> {
                WritableTxnMarkerTopicResult topicResult = new WritableTxnMarkerTopicResult().setName(topic.name());
                result.topics().add(topicResult);
                for (int index : topic.partitionIndexes()) {
                    WritableTxnMarkerPartitionResult slot =
                            new WritableTxnMarkerPartitionResult().setPartitionIndex(index);
                    topicResult.partitions().add(slot);
                    written.add(write(marker, new TopicPartition(topic.name(), index), topics)
                            .thenAccept(error -> slot.setErrorCode(error.code())));
                }
            });
        }
        return CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
                .thenApply(done -> Reply.of(response));
    }

    private CompletableFuture<Errors> write(WritableTxnMarker marker, TopicPartition partition, TopicResolver topics) {
        Errors unknown = topics.byName(partition.topic()).error(partition.partition());
        if (unknown != Errors.NONE) {
            return CompletableFuture.completedFuture(unknown);
        }
        Errors impossible = ProducerIdentity.error(marker.producerId(), marker.producerEpoch());
        if (impossible != Errors.NONE) {
            return CompletableFuture.completedFuture(impossible);
        }
        Marker end = new Marker(
                partition,
                marker.producerId(),
                marker.producerEpoch(),
                marker.transactionResult(),
                marker.transactionVersion());
        return markers.send(end, marker.coordinatorEpoch())
                .handle((done, failure) -> failure == null ? Errors.NONE : ApiErrors.of(failure))
                .completeOnTimeout(Errors.REQUEST_TIMED_OUT, LONGEST_WAIT_MS, TimeUnit.MILLISECONDS);
    }
}
