package io.aeon.coordinator;

import java.util.concurrent.CompletableFuture;

/**
 * An answer that may leave.
 *
 * @param to who waits for it
 * @param value the answer
 */
public record Reply<T>(CompletableFuture<T> to, T value) {
    public void send() {
        to.complete(value);
    }
}
