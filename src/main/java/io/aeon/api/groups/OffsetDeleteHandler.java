package io.aeon.api.groups;

import io.aeon.api.AnswerEntries;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.command.OffsetDeleteResult;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** OffsetDelete (KIP-496): deletes offsets of topics that no member of the group subscribes to. */
public final class OffsetDeleteHandler implements ApiHandler<OffsetDeleteRequestData> {
    private final GroupCoordinators groups;
    private final Metadata metadata;

    public OffsetDeleteHandler(GroupCoordinators groups, Metadata metadata) {
        this.groups = groups;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public CompletionStage<Reply> handle(OffsetDeleteRequestData request, RequestContext context) {
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        List<TopicPartition> existing = new ArrayList<>();
        List<OffsetDeleteResponsePartition> open = new ArrayList<>();
        TopicResolver topics = new TopicResolver(metadata.image());
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            OffsetDeleteResponseTopic answered = new OffsetDeleteResponseTopic().setName(topic.name());
            response.topics().add(answered);
            ResolvedTopic known = topics.byName(topic.name());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                OffsetDeleteResponsePartition slot = new AnswerEntries.OffsetOfPartition().setPartitionIndex(index);
                answered.partitions().add(slot);
                Errors unknown = known.error(index);
                slot.setErrorCode(unknown.code());
                if (unknown == Errors.NONE) {
                    existing.add(new TopicPartition(topic.name(), index));
                    open.add(slot);
                }
            }
        }
        return delete(request.groupId(), existing).thenApply(result -> {
            if (result.error() != Errors.NONE) {
                return Reply.of(new OffsetDeleteResponseData()
                        .setErrorCode(result.error().code()));
            }
            for (int i = 0; i < open.size(); i++) {
                open.get(i).setErrorCode(result.partitions().get(i).code());
            }
            return Reply.of(response);
        });
    }

    private CompletableFuture<OffsetDeleteResult> delete(String groupId, List<TopicPartition> partitions) {
        if (groupId.isEmpty()) {
            return CompletableFuture.completedFuture(new OffsetDeleteResult(Errors.INVALID_GROUP_ID, List.of()));
        }
        return groups.ask(groupId, reply -> new DeleteOffsets(partitions, reply));
    }
}
