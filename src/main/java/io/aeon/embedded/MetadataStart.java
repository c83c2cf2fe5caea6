package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.KRaft;
import io.aeon.metadata.Metadata;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;

/** The metadata engine starting on a thread of its own, beside the actor system: each takes half of the start. */
final class MetadataStart implements AutoCloseable {
    private final CompletableFuture<Metadata> engine = new CompletableFuture<>();

    private MetadataStart() {}

    /** @param onFatal told once when the engine, having started, cannot go on */
    static MetadataStart of(AeonSettings settings, Consumer<Throwable> onFatal) {
        MetadataStart start = new MetadataStart();
        new Thread(() -> start.run(settings, onFatal), "aeon-" + settings.nodeId() + "-metadata-start").start();
        return start;
    }

    private void run(AeonSettings settings, Consumer<Throwable> onFatal) {
        try {
            engine.complete(KRaft.start(settings, onFatal));
        } catch (Throwable e) {
            engine.completeExceptionally(e);
        }
    }

    CompletionStage<Metadata> result() {
        return engine;
    }

    /** @throws StartException the engine did not start */
    Metadata await() {
        try {
            return engine.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException(reason(cause), cause);
        }
    }

    /** The words of what went wrong first. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null && !(first instanceof ApiException)) {
            first = first.getCause();
        }
        if (first instanceof IOException problem) {
            return FileProblem.of(problem);
        }
        return first.getMessage() == null ? "the metadata did not start: " + first : first.getMessage();
    }

    /** Closes the engine, waiting for its start to end if need be. */
    @Override
    public void close() {
        engine.handle((metadata, failure) -> metadata)
                .thenAccept(metadata -> {
                    if (metadata != null) {
                        metadata.close();
                    }
                })
                .join();
    }
}
