package io.aeon.api.offsets;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.Partitions;
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

/** OffsetForLeaderEpoch (KIP-320): where a leader's records end, so that a consumer notices when its own are gone. */
public final class OffsetForLeaderEpochHandler implements ApiHandler<OffsetForLeaderEpochRequestData> {
    private final Partitions partitions;

    public OffsetForLeaderEpochHandler(BrokerServices services) {
        this.partitions = services.partitions();
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<Reply> handle(OffsetForLeaderEpochRequestData request, RequestContext context) {
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        for (OffsetForLeaderTopic topic : request.topics()) {
            OffsetForLeaderTopicResult answer = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().mustAdd(answer);
            for (OffsetForLeaderPartition asked : topic.partitions()) {
                EpochEndOffset result = new EpochEndOffset().setPartition(asked.partition());
                answer.partitions().add(result);
                pending.add(find(new TopicPartition(topic.topic(), asked.partition()), asked, result));
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
