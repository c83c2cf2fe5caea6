package io.aeon.broker.transaction;

import io.aeon.broker.transaction.OtherBrokers.Question;
import io.aeon.broker.transaction.OtherBrokers.SentMarker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * A connection to a broker that leads partitions and coordinates transactions; it is made when it is needed, and again
 * after it was lost. Futures fail if the broker cannot be reached or does not answer in time. Thread-safe; no method
 * blocks.
 */
public interface TransactionConnection {
    /**
     * Sends markers (WriteTxnMarkers).
     *
     * @param markers all of one producer end the same transaction
     * @return the result of each, in their order
     */
    CompletableFuture<List<Errors>> write(List<SentMarker> markers);

    /**
     * Asks whether partitions are in their transactions, or has them added (AddPartitionsToTxn of a broker).
     *
     * @param questions all of one transactional id are about the same transaction
     * @return the answer to each, in their order
     */
    CompletableFuture<List<Errors>> ask(List<Question> questions);

    /** Ends the connection; requests under way fail. */
    void close();
}
