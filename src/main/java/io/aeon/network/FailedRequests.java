package io.aeon.network;

import io.aeon.api.ApiTable;
import io.aeon.api.Reply;
import io.aeon.protocol.Request;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client of one connection gets for a request that has failed. Used on the connection's own thread. */
final class FailedRequests {
    private static final Logger log = LoggerFactory.getLogger(FailedRequests.class);

    private final ApiTable apis;
    private final Connection connection;

    FailedRequests(ApiTable apis, Connection connection) {
        this.apis = apis;
        this.connection = connection;
    }

    /**
     * Replaces a failure by the API's own error response, if it has one. A broker without heap must end, and not live
     * on with what the error has left undone.
     */
    void replace(Exchange exchange, CompletableFuture<Reply> failed) {
        Throwable cause = cause(failed);
        if (cause instanceof OutOfMemoryError fatal) {
            throw fatal;
        }
        if (!(cause instanceof ApiException)) {
            log.error(
                    "Unexpected failure of {} version {} from {}",
                    exchange.request().api().name,
                    exchange.request().version(),
                    connection,
                    cause);
        }
        exchange.handledBy(errorReply(exchange.request(), cause)
                .map(CompletableFuture::completedFuture)
                .orElse(failed));
    }

    /** Leaves the request without a reply, because even the error response cannot be sent. */
    void giveNone(Exchange exchange, RuntimeException cause) {
        logClosing(exchange.request(), cause);
        exchange.handledBy(CompletableFuture.failedFuture(cause));
    }

    static ApiException tooLarge(long bytes, long most) {
        return new InvalidRequestException("The answer would take " + bytes + " bytes of memory, allowed are " + most
                + " (aeon.network.bytes-in-flight); ask for less at a time");
    }

    private static Throwable cause(CompletableFuture<Reply> failed) {
        Throwable failure = failed.handle((reply, thrown) -> thrown).join();
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private Optional<Reply> errorReply(Request request, Throwable cause) {
        try {
            Optional<Reply> told = apis.failed(request.api(), request.version(), request.body(), cause);
            if (told.isEmpty()) {
                logClosing(request, cause);
            }
            return told;
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
            logClosing(request, cause);
            return Optional.empty();
        }
    }

    /**
     * A failure with a Kafka error is caused by the client or is temporary. Any other failure is a fault of this
     * broker.
     */
    private void logClosing(Request request, Throwable cause) {
        String what = "no reply to " + request.api().name + " version " + request.version();
        if (cause instanceof ApiException && !(cause instanceof UnknownServerException)) {
            connection.closingBecause("no reply", what + ": " + cause.getMessage());
        } else {
            log.error("Closing {}: {}", connection, what, cause);
        }
    }
}
