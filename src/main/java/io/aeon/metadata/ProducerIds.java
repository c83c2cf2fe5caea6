package io.aeon.metadata;

import java.util.concurrent.CompletableFuture;

/** Where producers get their ids from. Thread-safe. */
public interface ProducerIds {
    /** An id that no producer of the cluster has had; fails with Kafka's own {@code ApiException}s. */
    CompletableFuture<Long> next();
}
