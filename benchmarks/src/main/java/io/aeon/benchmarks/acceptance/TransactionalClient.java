package io.aeon.benchmarks.acceptance;

import java.io.IOException;

/** A producer with a transactional id, ready to begin; the rigs use it with different generations of clients. */
interface TransactionalClient extends AutoCloseable {
    /** How one is made: a connection to that port, and a transaction timeout. */
    interface Factory {
        TransactionalClient connect(int port, int timeoutMillis) throws Exception;
    }

    void begin() throws Exception;

    /** Returns when the record is acknowledged. */
    void write(String topic, String value) throws Exception;

    /** Returns when the broker has answered; an answer that is no success is an exception. */
    void commit() throws Exception;

    @Override
    void close() throws IOException;
}
