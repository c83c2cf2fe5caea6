package io.aeon.api.produce;

import io.aeon.api.ApiErrors;
import io.aeon.api.BrokerNodes;
import io.aeon.api.CurrentLeader;
import io.aeon.api.RequestContext;
import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.topic.TopicSettings;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.protocol.BatchRules;
import io.aeon.protocol.Codecs;
import io.aeon.protocol.ProducedBatch;
import io.aeon.protocol.ValidatedBatch;
import io.aeon.storage.log.AppendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/** One produce request: checks its batches and sends each to its partition. */
final class ProduceCall {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    /** From this version the broker adds partitions to the client's transaction (transaction.version 2, KIP-890). */
    private static final short FIRST_VERSION_THAT_ADDS_PARTITIONS = 12;

    private static final short FIRST_VERSION_WITH_ABORTABLE = 11;
    private static final short FIRST_VERSION_WITH_LEADERS = 10;
    static final short ACKS_ALL = -1;
    /** Only the client with this id may write internal topics, by Kafka's convention. */
    private static final String ADMIN_CLIENT = "__admin_client";

    private final ProduceRequestData request;
    private final RequestContext context;
    private final Metadata metadata;
    private final ClusterImage image;
    private final TopicResolver topics;
    private final BrokerServices services;
    private final BatchChecks checks;
    private final ProduceReply reply;

    ProduceCall(
            ProduceRequestData request,
            RequestContext context,
            Metadata metadata,
            BrokerServices services,
            BatchChecks checks,
            ProduceReply reply) {
        this.request = request;
        this.context = context;
        this.metadata = metadata;
        this.image = metadata.image();
        this.topics = new TopicResolver(image);
        this.services = services;
        this.checks = checks;
        this.reply = reply;
    }

    void start() {
        for (TopicProduceData sent : request.topicData()) {
            if (sent.partitionData().isEmpty()) {
                continue;
            }
            TopicProduceResponse answer = reply.topic(sent.name(), sent.topicId());
            for (PartitionProduceData data : sent.partitionData()) {
                PartitionProduceResponse result = reply.partition(answer, data.index());
                ResolvedTopic topic = topicOf(sent);
                try {
                    append(topic, data, result);
                } catch (ApiException e) {
                    refused(topic, result, e);
                }
            }
        }
        reply.gathered();
    }

    private ResolvedTopic topicOf(TopicProduceData sent) {
        boolean byId = context.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        return topics.resolve(byId, sent.name(), sent.topicId());
    }

    private void append(ResolvedTopic resolved, PartitionProduceData data, PartitionProduceResponse result) {
        int index = resolved.partition(data.index()).index();
        if (request.acks() < ACKS_ALL || request.acks() > 1) {
            throw Errors.INVALID_REQUIRED_ACKS.exception();
        }
        ClusterImage.Topic topic = resolved.topic();
        ProducedBatch produced = ProducedBatch.of(data.records(), context.version());
        if (Topic.isInternal(topic.name()) && !context.clientId().equals(ADMIN_CLIENT)) {
            throw Errors.INVALID_TOPIC_EXCEPTION.exception();
        }
        if (produced.header().isTransactional() && request.transactionalId() == null) {
            throw Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.exception();
        }
        TopicPartition partition = new TopicPartition(topic.name(), index);
        TopicSettings settings = services.topicSettings().of(image, topic.name());
        checks.check(produced, rules(partition, settings), new BatchChecks.Result() {
            @Override
            public CompletionStage<?> valid(ValidatedBatch batch) {
                if (batch.bytes().remaining() > settings.log().segments().segmentBytes()) {
                    throw Errors.RECORD_LIST_TOO_LARGE.exception();
                }
                return append(produced, batch, partition, result);
            }

            @Override
            public void refused(Throwable cause) {
                ProduceCall.this.refused(resolved, result, cause);
            }
        });
    }

    private void refused(ResolvedTopic topic, PartitionProduceResponse result, Throwable cause) {
        if (topic.exists() && ApiErrors.isFailure(cause)) {
            services.counters().topic(topic.topic().name()).appendRefused();
        }
        reply.failed(result, cause);
    }

    private CompletionStage<?> append(
            ProducedBatch produced, ValidatedBatch batch, TopicPartition partition, PartitionProduceResponse result) {
        CompletableFuture<AppendResult> appended = new CompletableFuture<>();
        CompletionStage<?> told = appended.thenAccept(where -> reply.appended(result, where, toldTime(where, batch)))
                .exceptionally(failure -> {
                    failed(partition, result, failure);
                    return null;
                });
        boolean transactional = produced.header().isTransactional();
        Append append = new Append(batch.bytes(), acks(), appended, transactional && addsPartitions());
        if (transactional) {
            services.transactions().appends().append(writer(produced), partition, append);
        } else {
            services.partitions().tell(partition, append);
        }
        return told;
    }

    private void failed(TopicPartition partition, PartitionProduceResponse result, Throwable failure) {
        if (ApiErrors.isFailure(failure)) {
            services.counters().topic(partition.topic()).appendRefused();
        }
        boolean isElsewhere = ApiErrors.cause(failure) instanceof NotLeaderOrFollowerException;
        CurrentLeader leader = isElsewhere && context.version() >= FIRST_VERSION_WITH_LEADERS
                ? CurrentLeader.of(
                        new TopicResolver(metadata.image()).byName(partition.topic()),
                        partition.partition(),
                        BrokerNodes.seenFrom(context.connection(), metadata))
                : null;
        if (leader == null) {
            reply.failed(result, failure);
        } else {
            reply.failed(result, failure, leader);
        }
    }

    /**
     * For a repeated batch this is the time of the batch in the log, whatever the topic's timestamp type, as in Kafka.
     */
    private static long toldTime(AppendResult where, ValidatedBatch batch) {
        return where.timestampBefore() == AppendResult.NEW ? batch.logAppendTime() : where.timestampBefore();
    }

    private boolean addsPartitions() {
        return context.version() >= FIRST_VERSION_THAT_ADDS_PARTITIONS;
    }

    private TransactionalWriter writer(ProducedBatch produced) {
        Admission admission = addsPartitions()
                ? Admission.ADDED
                : context.version() >= FIRST_VERSION_WITH_ABORTABLE ? Admission.VERIFIED : Admission.VERIFIED_LONG_AGO;
        return new TransactionalWriter(
                request.transactionalId(),
                produced.header().producerId(),
                produced.header().producerEpoch(),
                admission);
    }

    private Acks acks() {
        return switch (request.acks()) {
            case 0 -> Acks.NONE;
            case 1 -> Acks.LEADER;
            default -> Acks.ALL;
        };
    }

    private static BatchRules rules(TopicPartition partition, TopicSettings settings) {
        return new BatchRules(
                partition.toString(),
                settings.maxMessageBytes(),
                settings.maxRecordBytes(),
                settings.logAppendTime(),
                settings.timestampBeforeMaxMs(),
                settings.timestampAfterMaxMs(),
                settings.compacted(),
                Codecs.of(settings.compressionType(), settings.compressionLevel()));
    }
}
