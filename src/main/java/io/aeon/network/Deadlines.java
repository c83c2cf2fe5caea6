package io.aeon.network;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a connection has taken too long. The connection writes down what it waits for, another thread looks now and then:
 * no timer per connection, frame or reply. Times are {@link System#nanoTime()}.
 */
final class Deadlines {
    /** A frame may take a second more for each of these. */
    private static final int SLOWEST_BYTES_PER_SECOND = 16 << 10;
    /** A frame must come faster while others wait for memory. */
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

    /** Something came from the client. */
    void active(long now) {
        lastActivity = now;
    }

    /** The first bytes of a frame have come; its size is not known yet. */
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

    /** The frame waits for memory, which is not the client's fault. */
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

    /** The last byte has been handed to the socket; what remains is that the client takes it. */
    void closing(long now) {
        lastActivity = now;
        closing = true;
    }

    /**
     * Says what took too long.
     *
     * @param idle longest time without a byte in either direction, whatever the client waits for: as in Kafka
     * @param frame longest time from a frame's first byte to its last
     * @param contended whether other connections wait for memory
     */
    @Nullable
    String exceeded(long now, Duration idle, Duration frame, boolean contended) {
        if (frameSize != NO_FRAME) {
            long nanos = now - frameSince;
            int arrived = frameArrived;
            if (nanos > frame.toNanos() + seconds(arrived, SLOWEST_BYTES_PER_SECOND)) {
                return "half a request: " + arrived + " of " + frameSize + " bytes in " + frame;
            }
            if (contended
                    && frameSize > 0
                    && nanos > seconds(1, 1) + seconds(arrived, SLOWEST_BYTES_PER_SECOND_IF_SHORT)) {
                return "a slow request while memory is short: " + arrived + " of " + frameSize + " bytes";
            }
        }
        boolean quiet = !closing && now - lastActivity > idle.toNanos();
        if (quiet && writing) {
            return "a reply that is not read";
        }
        return quiet ? "idle" : null;
    }

    /** Whether the client has not taken the rest of its replies though the connection is closed but for that. */
    boolean overdue(long now) {
        return closing && now - lastActivity > seconds(5, 1);
    }

    private static long seconds(long bytes, int bytesPerSecond) {
        return bytes * 1_000_000_000L / bytesPerSecond;
    }
}
