package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.ProducerIdentity;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** TxnOffsetCommit: offsets that take effect when the transaction commits (KIP-98, KIP-447); by topic id since v6. */
public final class TxnOffsetCommitHandler implements ApiHandler<TxnOffsetCommitRequestData> {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 6;
    /** From this version the broker adds the group to the client's transaction (transaction.version 2, KIP-890). */
    private static final short FIRST_VERSION_THAT_ADDS_GROUPS = 5;

    private static final short FIRST_VERSION_WITH_ABORTABLE = 4;

    private final GroupCoordinators groups;
    private final Metadata metadata;

    public TxnOffsetCommitHandler(GroupCoordinators groups, Metadata metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.TXN_OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<Reply> handle(TxnOffsetCommitRequestData request, RequestContext context) {
        TxnOffsetCommitResponseData response = new TxnOffsetCommitResponseData();
        List<OffsetToCommit> offsets = new ArrayList<>();
        List<TxnOffsetCommitResponsePartition> open = new ArrayList<>();
        TopicResolver topics = new TopicResolver(metadata.image());
        boolean byId = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            if (topic.partitions().isEmpty()) {
                continue;
            }
            TxnOffsetCommitResponseTopic answered =
                    new TxnOffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
            response.topics().add(answered);
            ResolvedTopic known = topics.resolve(byId, topic.name(), topic.topicId());
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                TxnOffsetCommitResponsePartition slot =
                        new TxnOffsetCommitResponsePartition().setPartitionIndex(partition.partitionIndex());
                answered.partitions().add(slot);
                Errors unknown = known.error(partition.partitionIndex());
                slot.setErrorCode(unknown.code());
                if (unknown == Errors.NONE) {
                    offsets.add(offset(known.topic(), partition));
                    open.add(slot);
                }
            }
        }
        return commit(request, context.version(), offsets).thenApply(result -> {
            fill(open, result);
            return Reply.of(response);
        });
    }

    private static OffsetToCommit offset(Topic topic, TxnOffsetCommitRequestPartition partition) {
        return new OffsetToCommit(
                new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), partition.partitionIndex())),
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                partition.committedMetadata());
    }

    private CompletableFuture<OffsetCommitResult> commit(
            TxnOffsetCommitRequestData request, short version, List<OffsetToCommit> offsets) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(new OffsetCommitResult(Errors.NONE, List.of()));
        }
        if (request.groupId().isEmpty() || request.transactionalId().isEmpty()) {
            Errors error = request.groupId().isEmpty() ? Errors.INVALID_GROUP_ID : Errors.INVALID_REQUEST;
            return CompletableFuture.completedFuture(new OffsetCommitResult(error, List.of()));
        }
        Errors impossible = ProducerIdentity.error(request.producerId(), request.producerEpoch());
        if (impossible != Errors.NONE) {
            return CompletableFuture.completedFuture(new OffsetCommitResult(impossible, List.of()));
        }
        TransactionalWriter writer = new TransactionalWriter(
                request.transactionalId(), request.producerId(), request.producerEpoch(), admission(version));
        return groups.ask(
                request.groupId(),
                reply -> new CommitInTransaction(
                        request.memberId(),
                        request.groupInstanceId(),
                        request.generationIdOrMemberEpoch(),
                        writer,
                        offsets,
                        reply));
    }

    private static Admission admission(short version) {
        if (version >= FIRST_VERSION_THAT_ADDS_GROUPS) {
            return Admission.ADDED;
        }
        return version >= FIRST_VERSION_WITH_ABORTABLE ? Admission.VERIFIED : Admission.VERIFIED_LONG_AGO;
    }

    private static void fill(List<TxnOffsetCommitResponsePartition> open, OffsetCommitResult result) {
        for (int i = 0; i < open.size(); i++) {
            Errors error = result.error() == Errors.NONE ? result.partitions().get(i) : result.error();
            open.get(i).setErrorCode(error.code());
        }
    }
}
