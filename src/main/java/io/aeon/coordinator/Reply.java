package io.aeon.coordinator;

import java.util.concurrent.CompletableFuture;

/**
 * An answer that is ready to be sent.
 *
 * @param to completes the request
 * @param value the answer
 */
public record Reply<T>(CompletableFuture<T> to, T value) {
    public void send() {
        to.complete(value);
    }
}
