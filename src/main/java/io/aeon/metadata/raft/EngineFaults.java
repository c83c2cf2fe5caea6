package io.aeon.metadata.raft;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles faults inside the engine. Kafka's own handlers exit the JVM; an embedded broker must not. Thread-safe. */
public final class EngineFaults {
    private static final Logger LOG = LoggerFactory.getLogger(EngineFaults.class);

    private final Consumer<Throwable> onFatal;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final CompletableFuture<?> endOfStart;
    private volatile boolean expected;
    private volatile boolean starting = true;

    /**
     * @param abandoned fails when nobody waits for the start of the engine any more
     * @param onFatal called with the first fatal fault only, on the engine's thread that caused it
     */
    public EngineFaults(CompletableFuture<?> abandoned, Consumer<Throwable> onFatal) {
        this.endOfStart = CompletableFuture.anyOf(first, abandoned);
        this.onFatal = onFatal;
    }

    /** Fails with the first fatal fault, or when the start is abandoned: no step of a start waits longer. */
    public CompletableFuture<?> endOfStart() {
        return endOfStart;
    }

    /** Whether a fatal fault has occurred. */
    public boolean haveOccurred() {
        return first.isDone();
    }

    /** The engine serves: from now on fatal faults are logged. Before, they end the start, whose error tells them. */
    public void started() {
        starting = false;
    }

    /** The engine is closing: from now on faults of its threads are expected and not reported. */
    public void expected() {
        expected = true;
    }

    /** A handler for faults after which the engine cannot continue and the broker has to stop. */
    public FaultHandler fatal() {
        return (message, cause) -> {
            if (expected) {
                LOG.debug("{}", message, cause);
                return new FaultHandlerException(message, cause);
            }
            FaultHandlerException fault = starting
                    ? new FaultHandlerException(message, cause)
                    : logged("The metadata engine has a fatal error", message, cause);
            if (first.completeExceptionally(fault)) {
                onFatal.accept(fault);
            }
            return fault;
        };
    }

    /** A handler for faults that the engine survives. */
    public FaultHandler survivable() {
        return (message, cause) -> logged("Fault in the metadata engine", message, cause);
    }

    private static FaultHandlerException logged(String what, String message, @Nullable Throwable cause) {
        LOG.error("{}: {}", what, message, cause);
        return new FaultHandlerException(what + ": " + message, cause);
    }
}
