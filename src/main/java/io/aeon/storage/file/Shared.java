package io.aeon.storage.file;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A resource that is freed when its owner and all borrowers have released it. Thread-safe. */
final class Shared<T> {
    private final T value;
    private final Consumer<T> free;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** The creator is the first holder, until its own {@link #release()}. */
    Shared(T value, Consumer<T> free) {
        this.value = value;
        this.free = free;
    }

    T get() {
        return value;
    }

    /** The caller must know that another holder exists during the call. */
    Shared<T> retain() {
        holders.incrementAndGet();
        return this;
    }

    /** Each holder calls this exactly once. */
    void release() {
        if (holders.decrementAndGet() == 0) {
            free.accept(value);
        }
    }
}
