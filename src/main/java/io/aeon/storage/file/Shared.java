package io.aeon.storage.file;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A resource freed when its owner has let it go and nobody borrows it any more. Thread-safe. */
final class Shared<T> {
    private final T value;
    private final Consumer<T> free;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** The creator holds it first, until its own {@link #release()}. */
    Shared(T value, Consumer<T> free) {
        this.value = value;
        this.free = free;
    }

    T get() {
        return value;
    }

    /** Only somebody who knows of another holder may call this. */
    Shared<T> retain() {
        holders.incrementAndGet();
        return this;
    }

    /** Exactly once for each holder. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            free.accept(value);
        }
    }
}
