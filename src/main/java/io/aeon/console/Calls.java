package io.aeon.console;

import io.aeon.console.http.RefusedException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;

/** Waits for what brokers answer. */
final class Calls {
    /** More than the clients' own limit. */
    private static final int PATIENCE_S = 30;

    private Calls() {}

    /**
     * The answer.
     *
     * @throws RefusedException the brokers refuse the call
     * @throws IOException no answer has come
     */
    static <T> T done(KafkaFuture<T> call) throws IOException, InterruptedException {
        try {
            return call.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw refused(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the brokers have not answered within " + PATIENCE_S + " s", e);
        }
    }

    /** As an exception that tells the person who asked. */
    static RuntimeException refused(Throwable failure) throws IOException {
        String told = failure.getMessage();
        String message =
                told == null || told.isBlank() ? Errors.forException(failure).message() : told;
        if (failure instanceof UnknownTopicOrPartitionException
                || failure instanceof GroupIdNotFoundException
                || failure instanceof TransactionalIdNotFoundException) {
            return new RefusedException(404, message);
        }
        if (failure instanceof ApiException && !(failure instanceof RetriableException)) {
            return RefusedException.wrong(message);
        }
        throw new IOException(message, failure);
    }
}
