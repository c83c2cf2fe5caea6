package io.aeon.api;

import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.OffsetOutOfRangeException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of Kafka's errors a failure is to a client. */
public final class ApiErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

    private ApiErrors() {}

    /** The error for what a part of a reply failed with; what Kafka has no error for is a fault of this broker, and logged. */
    public static Errors of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Errors error = known(cause);
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            LOG.error("a request failed unexpectedly", cause);
        }
        return error;
    }

    /** The error for what a whole request failed with. */
    static Errors known(Throwable cause) {
        if (cause instanceof OffsetOutOfRangeException) {
            return Errors.OFFSET_OUT_OF_RANGE;
        }
        if (cause instanceof StorageException) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        return Errors.forException(cause);
    }
}
