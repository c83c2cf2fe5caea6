package io.aeon.api.producers;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.partition.PartitionCommand.DescribeProducers;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.Metadata;
import io.aeon.storage.producer.ActiveProducer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeProducers (KIP-664): the producers that write to a partition, and their open transactions. A partition that
 * is named many times is described once.
 */
public final class DescribeProducersHandler implements ApiHandler<DescribeProducersRequestData> {
    /** Heap of a described partition with some producers. */
    private static final long PARTITION = 2 << 10;

    private final Metadata metadata;
    private final Partitions partitions;

    public DescribeProducersHandler(Metadata metadata, Partitions partitions) {
        this.metadata = metadata;
        this.partitions = partitions;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public long answerBytes(DescribeProducersRequestData request, short version) {
        return AnswerSizes.unlessFew(request.topics().stream()
                .mapToLong(topic ->
                        PARTITION * topic.partitionIndexes().stream().distinct().count())
                .sum());
    }

    @Override
    public CompletionStage<Reply> handle(DescribeProducersRequestData request, RequestContext context) {
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        Map<String, Set<Integer>> named = new HashMap<>();
        for (TopicRequest topic : request.topics()) {
            TopicResponse answer = new TopicResponse().setName(topic.name());
            response.topics().add(answer);
            Set<Integer> indexes = named.computeIfAbsent(topic.name(), name -> new HashSet<>());
            for (int partition : topic.partitionIndexes()) {
                if (!indexes.add(partition)) {
                    continue;
                }
                PartitionResponse result = new PartitionResponse().setPartitionIndex(partition);
                answer.partitions().add(result);
                pending.add(describe(new TopicPartition(topic.name(), partition), result));
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> Reply.of(response));
    }

    private CompletableFuture<Void> describe(TopicPartition partition, PartitionResponse result) {
        ResolvedTopic topic = new TopicResolver(metadata.image()).described(partition.topic());
        Errors unknown = topic.error(partition.partition());
        if (unknown != Errors.NONE) {
            result.setErrorCode(unknown.code()).setErrorMessage(topic.message());
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<List<ActiveProducer>> reply = new CompletableFuture<>();
        partitions.tell(partition, new DescribeProducers(reply));
        return reply.thenAccept(active -> result.setActiveProducers(
                        active.stream().map(DescribeProducersHandler::state).toList()))
                .exceptionally(failure -> {
                    result.setErrorCode(ApiErrors.of(failure).code());
                    return null;
                });
    }

    private static ProducerState state(ActiveProducer producer) {
        return new ProducerState()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setLastSequence(producer.lastSequence())
                .setLastTimestamp(producer.lastTimestamp())
                .setCoordinatorEpoch(producer.coordinatorEpoch())
                .setCurrentTxnStartOffset(producer.transactionStart());
    }
}
