package io.aeon.coordinator.transaction;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What a transactional id can be told. */
public sealed interface TransactionCommand {
    /** A command somebody waits on. */
    sealed interface Request<T> extends TransactionCommand, io.aeon.coordinator.Request<T> {}

    /**
     * A producer begins, and ends what others with this transactional id may do.
     *
     * @param expected who the producer takes itself for (KIP-360), null for a new one
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
     * Takes partitions into the transaction, which begins with the first.
     *
     * @param clientVersion the transaction.version the producer follows
     */
    record AddPartitions(
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            short clientVersion,
            CompletableFuture<Errors> reply)
            implements Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /** Whether a partition is in the transaction; TRANSACTION_ABORTABLE if not. */
    record VerifyPartition(
            long producerId, short producerEpoch, TopicPartition partition, CompletableFuture<Errors> reply)
            implements Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /**
     * Commits or aborts the transaction; answered when that is decided for good, before the partitions know.
     *
     * @param clientVersion from 2 on the producer goes on with a new epoch
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

    /** Tells how things stand. */
    record Describe(CompletableFuture<DescribeResult> reply) implements Request<DescribeResult> {
        @Override
        public DescribeResult refusal(Errors error) {
            return new DescribeResult(error, null);
        }
    }

    /** Ends the transaction if it has lasted longer than it may. */
    record AbortTimedOut() implements TransactionCommand {}

    /** Removes the transactional id if nobody has used it for long. */
    record Expire() implements TransactionCommand {}

    /** The record is durable. */
    record Appended() implements TransactionCommand {}

    /** The record could not be stored: nothing of it counts. */
    record AppendFailed(Errors error) implements TransactionCommand {}

    /** An id nobody has had. */
    record ProducerIdGiven(long id) implements TransactionCommand {}

    /** There is no id just now. */
    record ProducerIdRefused(Errors error) implements TransactionCommand {}

    /** A marker is durable in its partition, or the partition is gone for good. */
    record MarkerWritten(TopicPartition partition) implements TransactionCommand {}

    /** A marker did not reach its partition. */
    record MarkerFailed(TopicPartition partition, Errors error) implements TransactionCommand {}
}
