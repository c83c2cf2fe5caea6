package io.aeon.api.offsets;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** OffsetForLeaderEpoch (KIP-320): the end offset of a leader epoch, so that a consumer detects a truncated log. */
public final class OffsetForLeaderEpochHandler implements ApiHandler<OffsetForLeaderEpochRequestData> {
    private final Metadata metadata;
    private final Partitions partitions;

    public OffsetForLeaderEpochHandler(Metadata metadata, BrokerServices services) {
        this.metadata = metadata;
        this.partitions = services.partitions();
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<Reply> handle(OffsetForLeaderEpochRequestData request, RequestContext context) {
        TopicResolver topics = new TopicResolver(metadata.image());
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult answer = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().mustAdd(answer);
            for (OffsetForLeaderPartition asked : topic.partitions()) {
                EpochEndOffset result = new EpochEndOffset().setPartition(asked.partition());
                answer.partitions().add(result);
                Errors unknown = topics.byName(topic.topic()).error(asked.partition());
                result.setErrorCode(unknown.code());
                if (unknown == Errors.NONE) {
                    pending.add(find(new TopicPartition(topic.topic(), asked.partition()), asked, result));
                }
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> Reply.of(response));
    }

    private CompletableFuture<Void> find(
            TopicPartition partition, OffsetForLeaderPartition asked, EpochEndOffset result) {
        CompletableFuture<io.aeon.storage.segment.EpochEndOffset> reply = new CompletableFuture<>();
        partitions.tell(partition, new FindEpochEnd(asked.leaderEpoch(), asked.currentLeaderEpoch(), reply));
        return reply.thenAccept(end -> result.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.endOffset()))
                .exceptionally(failure -> {
                    result.setErrorCode(ApiErrors.of(failure).code());
                    return null;
                });
    }
}
