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

    private static final int NO_FRAME = -1;
    private static final long NOT_AHEAD = Long.MIN_VALUE;

    private volatile long lastActivity = System.nanoTime();
    private volatile long frameSince;
    private volatile int frameSize = NO_FRAME;
    private volatile int frameArrived;
    private volatile boolean writing;
    private volatile boolean stuck;
    private volatile boolean closing;
    private volatile long written;
    private volatile long aheadSince = NOT_AHEAD;
    private final Pace arriving = new Pace();
    private final Pace leaving = new Pace();
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

    /** @param bytes that the client has sent before their turn */
    void ahead(long now, int bytes) {
        if (bytes <= ReadAhead.UNNOTICED) {
            aheadSince = NOT_AHEAD;
        } else if (aheadSince == NOT_AHEAD) {
            aheadSince = now;
        }
    }

    /** Whether the client's bytes have waited for their turn for seconds. */
    boolean longAhead(long now) {
        long since = aheadSince;
        return since != NOT_AHEAD && now - since > seconds(5, 1);
    }

    void writing(long now, boolean inProgress) {
        lastActivity = now;
        writing = inProgress;
    }

    /** @param now whether requests keep their memory because the client has not read an earlier reply */
    void stuck(boolean now) {
        if (stuck != now) {
            stuck = now;
        }
    }

    /**
     * Bytes have been passed to the client's socket.
     *
     * @param total number of bytes since the connection began
     */
    void wrote(long now, long total) {
        lastActivity = now;
        written = total;
    }

    /** No byte follows those that have been passed to the socket. The connection waits for the client to read them. */
    void closing(long now) {
        lastActivity = now;
        closing = true;
    }

    /**
     * Which limit the connection has exceeded, in words for the log; null if none.
     *
     * @param idle longest time without a byte in either direction, even during a request, as in Kafka
     * @param frame longest time from the first byte of a frame to its last, plus time for the bytes that have arrived
     */
    @Nullable
    String exceeded(long now, Duration idle, Duration frame) {
        int arrived = frameArrived;
        if (frameSize != NO_FRAME && now - frameSince > frame.toNanos() + seconds(arrived, SLOWEST_BYTES_PER_SECOND)) {
            return "an incomplete request: " + arrived + " of " + frameSize + " bytes after " + frame;
        }
        boolean quiet = !closing && now - lastActivity > idle.toNanos();
        if (quiet && writing) {
            return "the client does not read a reply";
        }
        return quiet ? "idle" : null;
    }

    /**
     * Whether the connection holds memory that others wait for, and sends or reads too slowly for that; in words for
     * the log, null if not. One thread calls this periodically while others wait.
     *
     * @param requestsWait whether others wait for the memory of requests
     * @param answersWait whether others wait for the memory of answers
     */
    @Nullable
    String tooSlow(long now, boolean requestsWait, boolean answersWait) {
        int arrived = frameArrived;
        if (arriving.isSlow(now, arrived, requestsWait && frameSize > 0)) {
            return "a slow request while memory is short: " + arrived + " of " + frameSize + " bytes";
        }
        return leaving.isSlow(now, written, writing && (answersWait || (requestsWait && stuck)))
                ? "the client reads a reply slowly while memory is short"
                : null;
    }

    /** Whether the connection is closed on this side and the client still has not read the rest of its replies. */
    boolean overdue(long now) {
        return closing && now - lastActivity > seconds(5, 1);
    }

    private static long seconds(long bytes, int bytesPerSecond) {
        return bytes * 1_000_000_000L / bytesPerSecond;
    }

    /** The speed of a stream of bytes from one check to the next. */
    private static final class Pace {
        private static final int SLOWEST_BYTES_PER_SECOND_IF_SHORT = 256 << 10;
        /** A single slow check can be a pause of this broker. */
        private static final int SLOW_CHECKS = 2;

        private long checkedAt;
        private long bytesThen;
        private int slow = -1;

        /** @param counts whether the stream is under way and its speed matters now */
        boolean isSlow(long now, long bytes, boolean counts) {
            boolean comparable = counts && slow >= 0 && bytes >= bytesThen;
            long least = (now - checkedAt) / 1_000 * SLOWEST_BYTES_PER_SECOND_IF_SHORT / 1_000_000;
            if (!counts) {
                slow = -1;
            } else if (!comparable || bytes - bytesThen >= least) {
                slow = 0;
            } else {
                slow++;
            }
            checkedAt = now;
            bytesThen = bytes;
            return slow >= SLOW_CHECKS;
        }
    }
}
