package io.aeon.metadata.raft;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles faults inside the engine. Kafka's own handlers exit the JVM; an embedded broker must not. */
public final class EngineFaults {
    private static final Logger LOG = LoggerFactory.getLogger(EngineFaults.class);

    private final Consumer<Throwable> onFatal;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean expected;
    private volatile boolean starting;

    /** @param onFatal called with the first fatal fault only, on the engine's thread that caused it */
    public EngineFaults(Consumer<Throwable> onFatal) {
        this.onFatal = onFatal;
    }

    /** Until {@link #started}, a fatal fault ends the start, whose error tells it; it is not logged. */
    public void starting() {
        starting = true;
    }

    /** The engine serves: from now on fatal faults are logged. */
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
            if (told.compareAndSet(false, true)) {
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
