package io.aeon.api.groups;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
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
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** OffsetCommit, by topic id since v10. A partition that does not exist is refused alone; the others are committed. */
public final class OffsetCommitHandler implements ApiHandler<OffsetCommitRequestData> {
    private static final short FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND = 9;
    private static final short FIRST_VERSION_WITH_MEMBER_EPOCHS = 9;
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCoordinators groups;
    private final Metadata metadata;

    public OffsetCommitHandler(GroupCoordinators groups, Metadata metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<Reply> handle(OffsetCommitRequestData request, RequestContext context) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        List<OffsetToCommit> offsets = new ArrayList<>();
        List<OffsetCommitResponsePartition> open = new ArrayList<>();
        TopicResolver topics = new TopicResolver(metadata.image());
        boolean byId = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        for (OffsetCommitRequestTopic topic : request.topics()) {
            if (topic.partitions().isEmpty()) {
                continue;
            }
            OffsetCommitResponseTopic answered =
                    new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
            response.topics().add(answered);
            ResolvedTopic known = topics.resolve(byId, topic.name(), topic.topicId());
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                OffsetCommitResponsePartition slot =
                        new OffsetCommitResponsePartition().setPartitionIndex(partition.partitionIndex());
                answered.partitions().add(slot);
                Errors unknown = known.error(partition.partitionIndex());
                slot.setErrorCode(unknown.code());
                if (unknown == Errors.NONE) {
                    offsets.add(offset(known.topic(), partition));
                    open.add(slot);
                }
            }
        }
        return commit(request, offsets, context.version()).thenApply(result -> {
            fill(open, result, context.version());
            return Reply.of(response);
        });
    }

    private static OffsetToCommit offset(Topic topic, OffsetCommitRequestPartition partition) {
        return new OffsetToCommit(
                new TopicIdPartition(topic.id(), new TopicPartition(topic.name(), partition.partitionIndex())),
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                partition.committedMetadata());
    }

    private CompletableFuture<OffsetCommitResult> commit(
            OffsetCommitRequestData request, List<OffsetToCommit> offsets, short version) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(new OffsetCommitResult(Errors.NONE, List.of()));
        }
        return groups.ask(
                request.groupId(),
                reply -> new CommitOffsets(
                        request.memberId(),
                        request.groupInstanceId(),
                        request.generationIdOrMemberEpoch(),
                        request.retentionTimeMs(),
                        version >= FIRST_VERSION_WITH_MEMBER_EPOCHS,
                        offsets,
                        reply));
    }

    private static void fill(List<OffsetCommitResponsePartition> open, OffsetCommitResult result, short version) {
        Errors error = result.error();
        if (error == Errors.GROUP_ID_NOT_FOUND && version < FIRST_VERSION_WITH_GROUP_ID_NOT_FOUND) {
            error = Errors.ILLEGAL_GENERATION;
        }
        for (int i = 0; i < open.size(); i++) {
            Errors own = error == Errors.NONE ? result.partitions().get(i) : error;
            open.get(i).setErrorCode(own.code());
        }
    }
}
