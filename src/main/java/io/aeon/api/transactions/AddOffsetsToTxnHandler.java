package io.aeon.api.transactions;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.groups.CoordinatorTopic;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** AddOffsetsToTxn: an older producer adds a group to its transaction before it commits offsets for that group. */
public final class AddOffsetsToTxnHandler implements ApiHandler<AddOffsetsToTxnRequestData> {
    private static final int FIRST_VERSION_WITH_FENCED = 2;

    private final TransactionCoordinators coordinators;
    private final CoordinatorTopic offsetsTopic;

    public AddOffsetsToTxnHandler(TransactionCoordinators coordinators, CoordinatorTopic offsetsTopic) {
        this.coordinators = coordinators;
        this.offsetsTopic = offsetsTopic;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public CompletionStage<Reply> handle(AddOffsetsToTxnRequestData request, RequestContext context) {
        return add(request)
                .thenApply(error -> Reply.of(new AddOffsetsToTxnResponseData()
                        .setErrorCode(ProducerErrors.told(error, context.version(), FIRST_VERSION_WITH_FENCED)
                                .code())));
    }

    private CompletableFuture<Errors> add(AddOffsetsToTxnRequestData request) {
        return request.transactionalId().isEmpty()
                ? CompletableFuture.completedFuture(Errors.INVALID_REQUEST)
                : offsetsTopic.findOrCreate().thenCompose(offsets -> add(request, offsets));
    }

    private CompletableFuture<Errors> add(AddOffsetsToTxnRequestData request, Optional<Topic> offsets) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(Errors.COORDINATOR_NOT_AVAILABLE);
        }
        int index = StoredRecords.partitionFor(
                request.groupId(), offsets.get().partitions().size());
        Set<TopicPartition> partition = Set.of(new TopicPartition(GroupRecordFormat.TOPIC, index));
        return coordinators.ask(
                request.transactionalId(),
                reply -> new AddPartitions(request.producerId(), request.producerEpoch(), partition, (short) 0, reply));
    }
}
