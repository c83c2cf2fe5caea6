package io.aeon.embedded;

import io.aeon.control.InjectedFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A fault of the disk that has begun. Thread-safe. */
final class DiskFault implements InjectedFault {
    private final Kind kind;
    private final String directory;
    private final Duration time;
    private final Waits waits;
    private final Consumer<DiskFault> onClosed;
    private final AtomicInteger hits = new AtomicInteger();
    private volatile boolean closed;

    /** What a disk can do wrong. */
    enum Kind {
        FULL,
        SLOW,
        FAILING
    }

    /**
     * @param directory name of the only directory that is concerned; empty for all
     * @param time only for {@link Kind#SLOW}
     * @param waits for those that a slow disk holds up
     */
    DiskFault(Kind kind, String directory, Duration time, Waits waits, Consumer<DiskFault> onClosed) {
        this.kind = kind;
        this.directory = directory;
        this.time = time;
        this.waits = waits;
        this.onClosed = onClosed;
    }

    /** Whether the whole disk has no space left. */
    boolean fillsTheDisk() {
        return kind == Kind.FULL && directory.isEmpty();
    }

    /**
     * Before a write to {@code file}, or its creation.
     *
     * @param ended whether nobody waits for the write any more
     */
    void write(Path file, BooleanSupplier ended) throws IOException {
        if (concerns(file)) {
            hits.incrementAndGet();
            fail(kind == Kind.FULL, file, "No space left on device");
            slowDown(file, ended);
        }
    }

    /**
     * Before an fsync of {@code file}.
     *
     * @param ended whether nobody waits for the fsync any more
     */
    void force(Path file, BooleanSupplier ended) throws IOException {
        if (kind != Kind.FULL && concerns(file)) {
            hits.incrementAndGet();
            slowDown(file, ended);
        }
    }

    private void slowDown(Path file, BooleanSupplier ended) throws IOException {
        fail(kind == Kind.FAILING, file, "Input/output error");
        try {
            waits.await(time, () -> closed || ended.getAsBoolean());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(file + ": interrupted", e);
        }
    }

    private static void fail(boolean fails, Path file, String reason) throws IOException {
        if (fails) {
            throw new IOException(file + ": " + reason);
        }
    }

    private boolean concerns(Path file) {
        if (directory.isEmpty()) {
            return true;
        }
        Path parent = file.getParent();
        return file.endsWith(directory) || (parent != null && parent.endsWith(directory));
    }

    @Override
    public int hits() {
        return hits.get();
    }

    @Override
    public void close() {
        closed = true;
        waits.look();
        onClosed.accept(this);
    }
}
