package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * By how many bytes the readable range of a partition has grown since its log was opened. Only the partition uses it;
 * other threads hold {@link Mark marks} of it.
 *
 * <p>It knows the bytes up to a limited number of offsets between the last stable offset and the log end offset.
 * Between two of them growth is rounded up: a reader may be woken too early, never too late.
 */
public final class Growth {
    private static final int MOST_OFFSETS = 32;

    /** Ascending; the bytes up to each are in {@link #bytesUpTo}. */
    private long[] offsets = new long[2];

    private long[] bytesUpTo = new long[2];
    private int count;
    private long bytes;
    private volatile Extent readable;

    /**
     * @param readable what readers see now
     * @param logEnd log end offset
     * @param logSize upper bound of the bytes that are in the log and not readable yet
     */
    public Growth(Extent readable, long logEnd, long logSize) {
        this.readable = readable;
        appended(0, readable.lastStableOffset());
        if (logEnd > readable.lastStableOffset()) {
            appended(logSize, logEnd);
        }
    }

    /** What a reader has seen of a partition. A partition without an open log has no growth; then it is null. */
    public record Mark(@Nullable Growth growth, long bytes) {
        /** The mark of a reader of whom only the offsets are known that it has seen. */
        public static final Mark UNKNOWN = new Mark(null, 0);

        /** Whether the readable range may have another end than this one. */
        public boolean mayHaveMoved(Isolation isolation, long endOffset) {
            return growth == null || growth.readable.end(isolation) != endOffset;
        }
    }

    /** The log has grown by {@code size} bytes and ends at {@code logEnd}. */
    public void appended(long size, long logEnd) {
        bytes += size;
        while (count > 0 && offsets[count - 1] >= logEnd) {
            // The log has been truncated in the meantime.
            count--;
        }
        if (count == MOST_OFFSETS) {
            keepEverySecond();
        } else if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            bytesUpTo = Arrays.copyOf(bytesUpTo, 2 * count);
        }
        offsets[count] = logEnd;
        bytesUpTo[count] = bytes;
        count++;
    }

    private void keepEverySecond() {
        count /= 2;
        for (int i = 0; i < count; i++) {
            offsets[i] = offsets[2 * i + 1];
            bytesUpTo[i] = bytesUpTo[2 * i + 1];
        }
    }

    /** Sets what readers see from now on. */
    public void readable(Extent extent) {
        readable = extent;
        int below = lastAtMost(extent.lastStableOffset());
        if (below > 0) {
            count -= below;
            System.arraycopy(offsets, below, offsets, 0, count);
            System.arraycopy(bytesUpTo, below, bytesUpTo, 0, count);
        }
    }

    public Extent readable() {
        return readable;
    }

    private int lastAtMost(long offset) {
        int last = count - 1;
        while (last >= 0 && offsets[last] > offset) {
            last--;
        }
        return last;
    }

    /** The mark of a reader that sees what is readable now. */
    public Mark mark(Isolation isolation) {
        int below = lastAtMost(readable.end(isolation));
        return new Mark(this, below < 0 ? 0 : bytesUpTo[below]);
    }

    /** Bytes since {@code mark}, rounded up; the largest number if they are unknown. */
    long since(Mark mark, Isolation isolation) {
        return mark.growth() == this ? readableBytes(isolation) - mark.bytes() : Long.MAX_VALUE;
    }

    /** Bytes up to the end of the readable range, rounded up; to be compared with those of a {@link Mark}. */
    long readableBytes(Isolation isolation) {
        long end = readable.end(isolation);
        int below = lastAtMost(end);
        if (below >= 0 && offsets[below] == end) {
            return bytesUpTo[below];
        }
        return below + 1 < count ? bytesUpTo[below + 1] : bytes;
    }
}
