package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.KRaft;
import io.aeon.metadata.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;

/**
 * Starts the metadata engine on its own thread while the actor system starts, because each takes about half of the
 * start time.
 */
final class MetadataStart implements AutoCloseable {
    private final CompletableFuture<Metadata> engine = new CompletableFuture<>();

    private MetadataStart() {}

    /**
     * @param dataDirs the data directories that can be used
     * @param onFatal called once if the engine fails after it has started
     */
    static MetadataStart of(AeonSettings settings, List<Path> dataDirs, Consumer<Throwable> onFatal) {
        MetadataStart start = new MetadataStart();
        new Thread(() -> start.run(settings, dataDirs, onFatal), "aeon-" + settings.nodeId() + "-metadata-start")
                .start();
        return start;
    }

    private void run(AeonSettings settings, List<Path> dataDirs, Consumer<Throwable> onFatal) {
        try {
            engine.complete(KRaft.start(settings, dataDirs, onFatal));
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
        try {
            return engine.join();
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
        engine.handle((metadata, failure) -> metadata)
                .thenAccept(metadata -> {
                    if (metadata != null) {
                        action.accept(metadata);
                    }
                })
                .join();
    }
}
