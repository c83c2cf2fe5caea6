package io.aeon.embedded;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says every five seconds how far a command is that goes through logs, and at the end what it took. A command that is
 * over sooner says only the end. Not thread-safe.
 */
final class ProgressLines {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MIB = 20;

    private final Consumer<String> out;
    private final LongSupplier nanos;
    private final int partitions;
    private final long bytes;
    private final long begun;
    private int partitionsDone;
    private long bytesDone;
    private long told;

    /**
     * @param nanos the time in nanoseconds, from any origin
     * @param partitions number of partitions to go through
     * @param bytes the size of them all
     */
    ProgressLines(Consumer<String> out, LongSupplier nanos, int partitions, long bytes) {
        this.out = out;
        this.nanos = nanos;
        this.partitions = partitions;
        this.bytes = bytes;
        this.begun = nanos.getAsLong();
        this.told = begun;
    }

    void partitionDone() {
        partitionsDone++;
        tell();
    }

    void bytesDone(long more) {
        bytesDone += more;
        tell();
    }

    private void tell() {
        long now = nanos.getAsLong();
        if (now - told >= PAUSE_NANOS) {
            told = now;
            out.accept(String.format(
                    Locale.ROOT,
                    "%d of %d partitions, %d of %d MiB, about %d s left",
                    partitionsDone,
                    partitions,
                    bytesDone >> MIB,
                    bytes >> MIB,
                    secondsLeft(now)));
        }
    }

    private long secondsLeft(long now) {
        double elapsed = (now - begun) / 1e9;
        return Math.round(elapsed * Math.max(0, bytes - bytesDone) / Math.max(1, bytesDone));
    }

    /** What it took, to follow the result: {@code 12 MiB in 3 s}. */
    String summary() {
        return String.format(Locale.ROOT, "%d MiB in %.1f s", bytesDone >> MIB, (nanos.getAsLong() - begun) / 1e9);
    }
}
