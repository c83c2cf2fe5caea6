package io.aeon.coordinator.transaction;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The commands of a transactional id. */
public sealed interface TransactionCommand {
    /** A command whose sender waits for an answer. */
    sealed interface Request<T> extends TransactionCommand, io.aeon.coordinator.Request<T> {}

    /**
     * A producer starts; this fences all other producers with the same transactional id.
     *
     * @param expected the producer's present id and epoch (KIP-360), null for a new producer
     */
    record InitProducer(int timeoutMs, @Nullable Expected expected, CompletableFuture<InitResult> reply)
            implements Request<InitResult> {
        @Override
        public InitResult refusal(Errors error) {
            return InitResult.failed(error);
        }

        @Override
        public boolean creates() {
            return true;
        }
    }

    /** A producer's id and epoch. */
    record Expected(long producerId, short producerEpoch) {}

    /**
     * Adds partitions to the transaction; the first ones begin it.
     *
     * @param clientVersion the producer's transaction.version
     * @param mayWait whether the request waits for the coordinator to load and for the markers of the previous
     *     transaction; otherwise it is refused
     */
    record AddPartitions(
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            short clientVersion,
            boolean mayWait,
            CompletableFuture<Errors> reply)
            implements Request<Errors> {
        /** A request that waits. */
        public AddPartitions(
                long producerId,
                short producerEpoch,
                Set<TopicPartition> partitions,
                short clientVersion,
                CompletableFuture<Errors> reply) {
            this(producerId, producerEpoch, partitions, clientVersion, true, reply);
        }

        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /**
     * Checks whether a partition is in the transaction; the error is TRANSACTION_ABORTABLE if it is not.
     *
     * @param mayWait whether the request waits for the coordinator to load; otherwise it is refused
     */
    record VerifyPartition(
            long producerId,
            short producerEpoch,
            TopicPartition partition,
            boolean mayWait,
            CompletableFuture<Errors> reply)
            implements Request<Errors> {
        /** A request that waits. */
        public VerifyPartition(
                long producerId, short producerEpoch, TopicPartition partition, CompletableFuture<Errors> reply) {
            this(producerId, producerEpoch, partition, true, reply);
        }

        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /**
     * Commits or aborts the transaction. The answer is sent when the decision is durable, before the markers are
     * written.
     *
     * @param clientVersion the producer's transaction.version; from 2 on the producer continues with a new epoch
     */
    record EndTransaction(
            long producerId,
            short producerEpoch,
            boolean commit,
            short clientVersion,
            CompletableFuture<EndResult> reply)
            implements Request<EndResult> {
        @Override
        public EndResult refusal(Errors error) {
            return EndResult.failed(error);
        }

        boolean bumpsEpoch() {
            return clientVersion >= TransactionMetadata.EPOCH_PER_TRANSACTION;
        }
    }

    /** Describes the transactional id. */
    record Describe(CompletableFuture<DescribeResult> reply) implements Request<DescribeResult> {
        @Override
        public DescribeResult refusal(Errors error) {
            return new DescribeResult(error, null);
        }
    }

    /** Aborts the transaction if it is past its timeout. */
    record AbortTimedOut() implements TransactionCommand {}

    /** Deletes the transactional id if it has not been used for its expiration time. */
    record Expire() implements TransactionCommand {}

    /** The record is durable. */
    record Appended() implements TransactionCommand {}

    /** The record could not be appended and does not apply. */
    record AppendFailed(Errors error) implements TransactionCommand {}

    /** A new, unused producer id. */
    record ProducerIdGiven(long id) implements TransactionCommand {}

    /** No producer id is available now. */
    record ProducerIdRefused(Errors error) implements TransactionCommand {}

    /** A marker is durable in its partition, or the partition was deleted. */
    record MarkerWritten(TopicPartition partition) implements TransactionCommand {}

    /** A marker could not be written to its partition. */
    record MarkerFailed(TopicPartition partition, Errors error) implements TransactionCommand {}
}
