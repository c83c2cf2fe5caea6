package io.aeon.api.offsets;

import io.aeon.api.ApiErrors;
import io.aeon.api.ApiHandler;
import io.aeon.api.Isolations;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.metadata.Metadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * ListOffsets: the earliest offset, the latest offset, the offset of the largest timestamp, and offsets by time, exact
 * to the record.
 */
public final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequestData> {
    private static final short FIRST_VERSION_WITH_OFFSET_NOT_AVAILABLE = 5;

    private final Metadata metadata;
    private final OffsetSearch search;

    public ListOffsetsHandler(Metadata metadata, BrokerServices services) {
        this.metadata = metadata;
        this.search = new OffsetSearch(services.partitions(), services.blocking(), services.decompression());
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<Reply> handle(ListOffsetsRequestData request, RequestContext context) {
        Map<String, Set<Integer>> duplicates = duplicates(request);
        Isolation isolation = isolation(request);
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        List<CompletableFuture<Void>> pending = new ArrayList<>();
        for (ListOffsetsTopic topic : request.topics()) {
            if (topic.partitions().isEmpty()) {
                continue;
            }
            ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answer);
            Set<Integer> namedTwice = duplicates.getOrDefault(topic.name(), Set.of());
            for (ListOffsetsPartition asked : topic.partitions()) {
                ListOffsetsPartitionResponse result =
                        new ListOffsetsPartitionResponse().setPartitionIndex(asked.partitionIndex());
                answer.partitions().add(result);
                TopicPartition partition = new TopicPartition(topic.name(), asked.partitionIndex());
                Errors refused = refused(partition, asked, context.version(), namedTwice);
                if (refused == Errors.NONE) {
                    pending.add(search.find(partition, asked, isolation, context.connection())
                            .thenAccept(place -> place.tell(result, context.version()))
                            .exceptionally(failure -> {
                                result.setErrorCode(known(ApiErrors.of(failure), context.version())
                                        .code());
                                return null;
                            }));
                } else {
                    result.setErrorCode(refused.code());
                }
            }
        }
        return CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> Reply.of(response));
    }

    /**
     * Older clients do not know that the end of a partition may be unknown for a moment, and ask again all the same.
     */
    private static Errors known(Errors error, short version) {
        return error == Errors.OFFSET_NOT_AVAILABLE && version < FIRST_VERSION_WITH_OFFSET_NOT_AVAILABLE
                ? Errors.LEADER_NOT_AVAILABLE
                : error;
    }

    /** The isolation level is one of consumers. A broker asks for the log end offset. */
    private static Isolation isolation(ListOffsetsRequestData request) {
        Isolation ofConsumer = Isolations.of(request.isolationLevel());
        return request.replicaId() == ListOffsetsRequest.CONSUMER_REPLICA_ID ? ofConsumer : Isolation.LOG_END;
    }

    private Errors refused(
            TopicPartition partition, ListOffsetsPartition asked, short version, Set<Integer> namedTwice) {
        if (namedTwice.contains(partition.partition())) {
            return Errors.INVALID_REQUEST;
        }
        if (!Timestamps.supported(asked.timestamp(), version)) {
            return Errors.UNSUPPORTED_VERSION;
        }
        return new TopicResolver(metadata.image()).byName(partition.topic()).error(partition.partition());
    }

    /**
     * The partitions that are named more than once. Names and indexes apart: the JDK's maps stay fast if a client
     * chooses keys with equal hashes, as long as these can be compared, and a long name is looked up once.
     */
    private static Map<String, Set<Integer>> duplicates(ListOffsetsRequestData request) {
        Map<String, Set<Integer>> seen = new HashMap<>();
        Map<String, Set<Integer>> duplicates = new HashMap<>();
        for (ListOffsetsTopic topic : request.topics()) {
            Set<Integer> seenOfTopic = seen.computeIfAbsent(topic.name(), name -> new HashSet<>());
            for (ListOffsetsPartition partition : topic.partitions()) {
                if (!seenOfTopic.add(partition.partitionIndex())) {
                    duplicates
                            .computeIfAbsent(topic.name(), name -> new HashSet<>())
                            .add(partition.partitionIndex());
                }
            }
        }
        return duplicates;
    }
}
