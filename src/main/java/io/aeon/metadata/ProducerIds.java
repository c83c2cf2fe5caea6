package io.aeon.metadata;

import java.util.concurrent.CompletableFuture;

/** The source of producer ids. Thread-safe. */
public interface ProducerIds {
    /** A producer id that is new in the cluster; fails with Kafka's {@code ApiException}s. */
    CompletableFuture<Long> next();
}
