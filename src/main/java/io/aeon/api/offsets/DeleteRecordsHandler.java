package io.aeon.api.offsets;

import io.aeon.api.AnswerEntries;
import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.Timer;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Deleted;
import io.aeon.broker.topic.TopicSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResultCollection;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DeleteRecords: moves the log start offset of all replicas. An acknowledged move survives a crash. The client's
 * timeout bounds the wait for followers, as in Kafka.
 */
public final class DeleteRecordsHandler implements ApiHandler<DeleteRecordsRequestData> {
    private static final long NO_LOW_WATERMARK = -1;

    private final Metadata metadata;
    private final BrokerServices services;

    public DeleteRecordsHandler(Metadata metadata, BrokerServices services) {
        this.metadata = metadata;
        this.services = services;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<Reply> handle(DeleteRecordsRequestData request, RequestContext context) {
        ClusterImage image = metadata.image();
        Map<String, Map<Integer, Long>> asked = asked(request);
        Duration timeout = Duration.ofMillis(Math.max(request.timeoutMs(), 0));
        DeleteRecordsTopicResultCollection answers = new DeleteRecordsTopicResultCollection(asked.size());
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        asked.forEach((topic, offsets) -> {
            DeleteRecordsPartitionResultCollection results = new DeleteRecordsPartitionResultCollection(offsets.size());
            answers.mustAdd(new AnswerEntries.RecordsOfTopic().setName(topic).setPartitions(results));
            offsets.forEach((partition, offset) -> {
                Errors refused = refused(image, topic, partition);
                DeleteRecordsPartitionResult result = new AnswerEntries.RecordsOfPartition()
                        .setPartitionIndex(partition)
                        .setLowWatermark(NO_LOW_WATERMARK)
                        .setErrorCode(refused.code());
                results.mustAdd(result);
                if (refused == Errors.NONE) {
                    pending.add(delete(new TopicPartition(topic, partition), offset, timeout, result));
                }
            });
        });
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> Reply.of(new DeleteRecordsResponseData().setTopics(answers)));
    }

    /** The offset of each partition by topic. Of two offsets for one partition the last one counts, as in Kafka. */
    private static Map<String, Map<Integer, Long>> asked(DeleteRecordsRequestData request) {
        Map<String, Map<Integer, Long>> asked = new LinkedHashMap<>();
        for (DeleteRecordsTopic topic : request.topics()) {
            for (DeleteRecordsPartition partition : topic.partitions()) {
                asked.computeIfAbsent(topic.name(), name -> new LinkedHashMap<>())
                        .put(partition.partitionIndex(), partition.offset());
            }
        }
        return asked;
    }

    private Errors refused(ClusterImage image, String name, int partition) {
        Errors unknown = new TopicResolver(image).byName(name).error(partition);
        if (unknown != Errors.NONE) {
            return unknown;
        }
        if (Topic.isInternal(name)) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        TopicSettings settings = services.topicSettings().of(image, name);
        return settings.compacted() && !settings.deletes() ? Errors.POLICY_VIOLATION : Errors.NONE;
    }

    private CompletableFuture<Void> delete(
            TopicPartition partition, long offset, Duration timeout, DeleteRecordsPartitionResult result) {
        CompletableFuture<Deleted> reply = new CompletableFuture<>();
        services.partitions().tell(partition, new DeleteRecords(offset, reply));
        return reply.thenCompose(deleted -> {
                    result.setLowWatermark(deleted.logStartOffset());
                    return byAll(deleted, timeout);
                })
                .thenAccept(result::setLowWatermark)
                .exceptionally(failure -> {
                    result.setErrorCode(ApiErrors.of(failure).code());
                    return null;
                });
    }

    private CompletableFuture<Long> byAll(Deleted deleted, Duration timeout) {
        CompletableFuture<Long> byAll = deleted.byAll();
        if (!byAll.isDone()) {
            Timer.Cancellation deadline = services.timer()
                    .after(
                            timeout,
                            () -> byAll.completeExceptionally(
                                    new TimeoutException("not all in-sync replicas have deleted the records")));
            var unused = byAll.whenComplete((deletedEnd, failure) -> deadline.cancel());
        }
        return byAll;
    }
}
