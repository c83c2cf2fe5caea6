package io.aeon.network;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects a connection that takes too long. The connection stores what it waits for, and another thread checks it
 * periodically. So there is no timer per connection, frame or reply. Times are {@link System#nanoTime()} values.
 */
final class Deadlines {
    /** Each time this many bytes have arrived, the frame gets one more second. */
    private static final int SLOWEST_BYTES_PER_SECOND = 16 << 10;
    /** The same while other connections wait for memory. */
    private static final int SLOWEST_BYTES_PER_SECOND_IF_SHORT = 256 << 10;

    private static final int NO_FRAME = -1;

    private volatile long lastActivity = System.nanoTime();
    private volatile long frameSince;
    private volatile int frameSize = NO_FRAME;
    private volatile int frameArrived;
    private volatile boolean writing;
    private volatile boolean closing;
    private int suspendedSize;
    private long suspendedAfter;

    /** Bytes have arrived from the client. */
    void active(long now) {
        lastActivity = now;
    }

    /** The first bytes of a frame have arrived. The size of the frame is not known yet. */
    void frameStarted(long now) {
        frameArrived = 0;
        frameSince = now;
        frameSize = 0;
    }

    void frameSized(int size) {
        frameSize = size;
    }

    void frameArrived(int bytes) {
        frameArrived = bytes;
    }

    /** The frame waits for memory. This time does not count, because the client is not the cause. */
    void frameSuspended(long now) {
        suspendedSize = frameSize;
        suspendedAfter = now - frameSince;
        frameSize = NO_FRAME;
    }

    void frameResumed(long now) {
        frameSince = now - suspendedAfter;
        frameSize = suspendedSize;
    }

    /** No frame is being read. */
    void frameEnded() {
        frameSize = NO_FRAME;
    }

    void writing(long now, boolean inProgress) {
        lastActivity = now;
        writing = inProgress;
    }

    /** The last byte has been passed to the socket. The connection now waits for the client to read it. */
    void closing(long now) {
        lastActivity = now;
        closing = true;
    }

    /**
     * Which limit the connection has exceeded, in words for the log; null if none.
     *
     * @param idle longest time without a byte in either direction, even during a request, as in Kafka
     * @param frame longest time from the first byte of a frame to its last, plus time for the bytes that have arrived
     * @param contended whether other connections wait for memory
     */
    @Nullable
    String exceeded(long now, Duration idle, Duration frame, boolean contended) {
        if (frameSize != NO_FRAME) {
            long nanos = now - frameSince;
            int arrived = frameArrived;
            if (nanos > frame.toNanos() + seconds(arrived, SLOWEST_BYTES_PER_SECOND)) {
                return "an incomplete request: " + arrived + " of " + frameSize + " bytes after " + frame;
            }
            if (contended
                    && frameSize > 0
                    && nanos > seconds(1, 1) + seconds(arrived, SLOWEST_BYTES_PER_SECOND_IF_SHORT)) {
                return "a slow request while memory is short: " + arrived + " of " + frameSize + " bytes";
            }
        }
        boolean quiet = !closing && now - lastActivity > idle.toNanos();
        if (quiet && writing) {
            return "the client does not read a reply";
        }
        return quiet ? "idle" : null;
    }

    /** Whether the connection is closed on this side and the client still has not read the rest of its replies. */
    boolean overdue(long now) {
        return closing && now - lastActivity > seconds(5, 1);
    }

    private static long seconds(long bytes, int bytesPerSecond) {
        return bytes * 1_000_000_000L / bytesPerSecond;
    }
}
