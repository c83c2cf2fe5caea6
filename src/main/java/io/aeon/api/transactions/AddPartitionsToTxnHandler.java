package io.aeon.api.transactions;

import io.aeon.api.AnswerEntries;
import io.aeon.api.ApiHandler;
import io.aeon.api.PartitionOrder;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.TopicResolver;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.VerifyPartition;
import io.aeon.metadata.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * AddPartitionsToTxn: an older producer adds partitions to its transaction before it writes to them. From version 4 a
 * broker asks for many transactions at once, to add partitions or only to verify them (KIP-890).
 */
public final class AddPartitionsToTxnHandler implements ApiHandler<AddPartitionsToTxnRequestData> {
    private static final short FIRST_VERSION_WITH_MANY_TRANSACTIONS = 4;
    private static final int FIRST_VERSION_WITH_FENCED = 2;

    private final TransactionCoordinators coordinators;
    private final Metadata metadata;

    public AddPartitionsToTxnHandler(TransactionCoordinators coordinators, Metadata metadata) {
        this.coordinators = coordinators;
        this.metadata = metadata;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public CompletionStage<Reply> handle(AddPartitionsToTxnRequestData request, RequestContext context) {
        if (context.version() < FIRST_VERSION_WITH_MANY_TRANSACTIONS) {
            AddPartitionsToTxnTransaction only = new AddPartitionsToTxnTransaction()
                    .setTransactionalId(request.v3AndBelowTransactionalId())
                    .setProducerId(request.v3AndBelowProducerId())
                    .setProducerEpoch(request.v3AndBelowProducerEpoch())
                    .setTopics(request.v3AndBelowTopics());
            return results(only, context.version())
                    .thenApply(results ->
                            Reply.of(new AddPartitionsToTxnResponseData().setResultsByTopicV3AndBelow(results)));
        }
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        List<CompletableFuture<Void>> all = request.transactions().stream()
                .map(transaction -> {
                    AddPartitionsToTxnResult result =
                            new AddPartitionsToTxnResult().setTransactionalId(transaction.transactionalId());
                    response.resultsByTransaction().add(result);
                    return results(transaction, context.version()).thenAccept(result::setTopicResults);
                })
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> Reply.of(response));
    }

    private CompletableFuture<AddPartitionsToTxnTopicResultCollection> results(
            AddPartitionsToTxnTransaction transaction, short version) {
        Set<TopicPartition> asked = new TreeSet<>(PartitionOrder.BY_NAME);
        for (AddPartitionsToTxnTopic topic : transaction.topics()) {
            topic.partitions().forEach(index -> asked.add(new TopicPartition(topic.name(), index)));
        }
        return outcome(transaction, asked, version).thenApply(errors -> response(transaction, errors, version));
    }

    private CompletableFuture<Map<TopicPartition, Errors>> outcome(
            AddPartitionsToTxnTransaction transaction, Set<TopicPartition> asked, short version) {
        TopicResolver topics = new TopicResolver(metadata.image());
        if (!asked.stream().allMatch(partition -> refusal(topics, partition, version) == Errors.NONE)) {
            return CompletableFuture.completedFuture(notAttempted(topics, asked, version));
        }
        if (transaction.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(same(Errors.INVALID_REQUEST, asked));
        }
        return transaction.verifyOnly() ? verify(transaction, asked) : add(transaction, asked, version);
    }

    /** If one partition is refused, no partition of the transaction is added or verified. */
    private static Map<TopicPartition, Errors> notAttempted(
            TopicResolver topics, Set<TopicPartition> asked, short version) {
        Map<TopicPartition, Errors> errors = new TreeMap<>(PartitionOrder.BY_NAME);
        asked.forEach(partition -> {
            Errors refusal = refusal(topics, partition, version);
            errors.put(partition, refusal == Errors.NONE ? Errors.OPERATION_NOT_ATTEMPTED : refusal);
        });
        return errors;
    }

    private static Map<TopicPartition, Errors> same(Errors error, Set<TopicPartition> asked) {
        Map<TopicPartition, Errors> errors = new TreeMap<>(PartitionOrder.BY_NAME);
        asked.forEach(partition -> errors.put(partition, error));
        return errors;
    }

    /** The partition does not exist, or is one that no client may write. */
    private static Errors refusal(TopicResolver topics, TopicPartition partition, short version) {
        boolean byClient = version < FIRST_VERSION_WITH_MANY_TRANSACTIONS;
        return byClient && Topic.isInternal(partition.topic())
                ? Errors.TOPIC_AUTHORIZATION_FAILED
                : topics.byName(partition.topic()).error(partition.partition());
    }

    /**
     * Requests for many transactions come from brokers, for producers with a new epoch in each transaction (KIP-890). A
     * transaction that has to wait would hold up the others.
     */
    private CompletableFuture<Map<TopicPartition, Errors>> add(
            AddPartitionsToTxnTransaction transaction, Set<TopicPartition> asked, short version) {
        boolean byClient = version < FIRST_VERSION_WITH_MANY_TRANSACTIONS;
        short clientVersion = (short) (byClient ? 0 : 2);
        return coordinators
                .<Errors>ask(
                        transaction.transactionalId(),
                        reply -> new AddPartitions(
                                transaction.producerId(),
                                transaction.producerEpoch(),
                                asked,
                                clientVersion,
                                byClient,
                                reply))
                .thenApply(error -> same(error, asked));
    }

    private CompletableFuture<Map<TopicPartition, Errors>> verify(
            AddPartitionsToTxnTransaction transaction, Set<TopicPartition> asked) {
        Map<TopicPartition, CompletableFuture<Errors>> answers = new TreeMap<>(PartitionOrder.BY_NAME);
        asked.forEach(partition -> answers.put(
                partition,
                coordinators.ask(
                        transaction.transactionalId(),
                        reply -> new VerifyPartition(
                                transaction.producerId(), transaction.producerEpoch(), partition, false, reply))));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<TopicPartition, Errors> errors = new TreeMap<>(PartitionOrder.BY_NAME);
                    answers.forEach((partition, answer) -> errors.put(partition, answer.join()));
                    return errors;
                });
    }

    private static AddPartitionsToTxnTopicResultCollection response(
            AddPartitionsToTxnTransaction transaction, Map<TopicPartition, Errors> errors, short version) {
        AddPartitionsToTxnTopicResultCollection topics = new AddPartitionsToTxnTopicResultCollection();
        for (AddPartitionsToTxnTopic asked : transaction.topics()) {
            AddPartitionsToTxnTopicResult topic = new AddPartitionsToTxnTopicResult().setName(asked.name());
            for (int index : asked.partitions()) {
                Errors error = errors.getOrDefault(new TopicPartition(asked.name(), index), Errors.NONE);
                topic.resultsByPartition()
                        .add(new AnswerEntries.PartitionOfTransaction()
                                .setPartitionIndex(index)
                                .setPartitionErrorCode(ProducerErrors.told(error, version, FIRST_VERSION_WITH_FENCED)
                                        .code()));
            }
            topics.add(topic);
        }
        return topics;
    }
}
