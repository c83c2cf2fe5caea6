package io.aeon.api;

import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.OffsetOutOfRangeException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps a failure to the Kafka error that the client receives. */
public final class ApiErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

    private ApiErrors() {}

    /**
     * The error for a failed part of a reply. A failure without a Kafka error is a fault of this broker; it is logged.
     */
    public static Errors of(Throwable failure) {
        Throwable cause = cause(failure);
        Errors error = known(cause);
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            LOG.error("Part of a request failed unexpectedly; the client receives UNKNOWN_SERVER_ERROR", cause);
        }
        return error;
    }

    /**
     * Whether an error is a failed request to a partition, as metrics count it. One that only makes the client look for
     * the leader of the partition is not.
     */
    public static boolean isFailure(Errors error) {
        return switch (error) {
            case NONE,
                    NOT_LEADER_OR_FOLLOWER,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    INCONSISTENT_TOPIC_ID,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH -> false;
            default -> true;
        };
    }

    /** As {@link #isFailure(Errors)}. */
    public static boolean isFailure(Throwable failure) {
        return isFailure(known(cause(failure)));
    }

    /** What has made a future fail. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The error for a request that failed as a whole. */
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
