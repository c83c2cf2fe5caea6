package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.QuorumNode;
import io.aeon.metadata.node.ClusterNode;
import io.aeon.metadata.node.KRaft;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;

/**
 * Starts the metadata engine on its own thread while the actor system starts, because each takes about half of the
 * start time.
 */
final class MetadataStart implements AutoCloseable {
    private final CompletableFuture<Metadata> engine = new CompletableFuture<>();
    private final AeonSettings settings;
    private final List<Path> dataDirs;
    private final CompletableFuture<Void> abandoned;
    private final Consumer<Throwable> onFatal;
    private volatile boolean begun;

    /**
     * @param dataDirs the data directories that can be used
     * @param abandoned ends the start of the engine when it fails
     * @param onFatal called once if the engine fails after it has started
     */
    MetadataStart(
            AeonSettings settings,
            List<Path> dataDirs,
            CompletableFuture<Void> abandoned,
            Consumer<Throwable> onFatal) {
        this.settings = settings;
        this.dataDirs = dataDirs;
        this.abandoned = abandoned;
        this.onFatal = onFatal;
    }

    /** Starts the engine of a node alone. */
    void begin() {
        begin(() -> KRaft.start(settings, dataDirs, abandoned, onFatal));
    }

    /**
     * Starts the engine of a node of a cluster.
     *
     * @param address see {@link ClusterNode#start}
     * @param onController see {@link ClusterNode#start}
     */
    void begin(Optional<InetSocketAddress> address, Consumer<QuorumNode> onController) {
        begin(() -> ClusterNode.start(settings, dataDirs, address, onController, abandoned, onFatal));
    }

    private void begin(Supplier<Metadata> start) {
        begun = true;
        new Thread(() -> run(start), "aeon-" + settings.nodeId() + "-metadata-start").start();
    }

    private void run(Supplier<Metadata> start) {
        try {
            engine.complete(start.get());
        } catch (Throwable e) {
            engine.completeExceptionally(e);
        }
    }

    CompletionStage<Metadata> result() {
        return engine;
    }

    /**
     * Blocks until the engine has started.
     *
     * @throws StartException the engine did not start
     */
    Metadata await() {
        return await(engine);
    }

    /**
     * Blocks until a step of the engine is done.
     *
     * @throws StartException the step failed
     */
    static <T> T await(CompletableFuture<T> step) {
        try {
            return step.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(reason(cause), cause);
        }
    }

    /** The message of the root cause, or of the first {@link ApiException} before it. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null && !(first instanceof ApiException)) {
            first = first.getCause();
        }
        if (first instanceof IOException problem) {
            return FileProblem.of(problem);
        }
        return first.getMessage() == null ? "the metadata engine did not start: " + first : first.getMessage();
    }

    /** Tells the engine that all partitions' logs are closed, if it has started. */
    void logsAreClosed() {
        ifStarted(Metadata::logsAreClosed);
    }

    /** Closes the engine; first waits until its start has ended. */
    @Override
    public void close() {
        ifStarted(Metadata::close);
    }

    private void ifStarted(Consumer<Metadata> action) {
        if (!begun) {
            return;
        }
        engine.handle((metadata, failure) -> metadata)
                .thenAccept(metadata -> {
                    if (metadata != null) {
                        action.accept(metadata);
                    }
                })
                .join();
    }
}
