package io.aeon.api.transactions;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.coordinator.transaction.DescribeResult;
import io.aeon.coordinator.transaction.TransactionCommand.Describe;
import io.aeon.coordinator.transaction.TransactionMetadata;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicDataCollection;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTransactions (KIP-664). A transactional id that is named many times is described once. */
public final class DescribeTransactionsHandler implements ApiHandler<DescribeTransactionsRequestData> {
    /** Heap of a described transaction with some partitions. */
    private static final long TRANSACTION = 2 << 10;

    private final TransactionCoordinators coordinators;

    public DescribeTransactionsHandler(TransactionCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public long answerBytes(DescribeTransactionsRequestData request, short version) {
        return AnswerSizes.ofCoordinators(
                coordinators.heapUsed(),
                TRANSACTION * request.transactionalIds().stream().distinct().count());
    }

    @Override
    public CompletionStage<Reply> handle(DescribeTransactionsRequestData request, RequestContext context) {
        List<CompletableFuture<TransactionState>> states = request.transactionalIds().stream()
                .distinct()
                .map(this::describe)
                .toList();
        return CompletableFuture.allOf(states.toArray(CompletableFuture[]::new))
                .thenApply(done -> Reply.of(new DescribeTransactionsResponseData()
                        .setTransactionStates(
                                states.stream().map(CompletableFuture::join).toList())));
    }

    private CompletableFuture<TransactionState> describe(String transactionalId) {
        if (transactionalId.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new TransactionState().setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        return coordinators
                .<DescribeResult>ask(transactionalId, Describe::new)
                .thenApply(result -> state(result).setTransactionalId(transactionalId));
    }

    private static TransactionState state(DescribeResult result) {
        TransactionState state =
                new TransactionState().setErrorCode(result.error().code());
        TransactionMetadata told = result.transaction();
        return told == null
                ? state
                : state.setProducerId(told.producerId())
                        .setProducerEpoch(told.producerEpoch())
                        .setTransactionState(told.state().toString())
                        .setTransactionTimeoutMs(told.timeoutMs())
                        .setTransactionStartTimeMs(told.startMs())
                        .setTopics(topics(told));
    }

    private static TopicDataCollection topics(TransactionMetadata told) {
        TopicDataCollection topics = new TopicDataCollection();
        for (TopicPartition partition : told.partitions()) {
            TopicData topic = topics.find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                topics.add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        return topics;
    }
}
