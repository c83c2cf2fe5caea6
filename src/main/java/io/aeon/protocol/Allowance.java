package io.aeon.protocol;

import org.apache.kafka.common.InvalidRecordException;

/**
 * The bytes that may still be decompressed. There are two kinds: the allowance of one batch, which is refused if it has
 * more; and the allowance of one request on a thread that has other work, after which the work moves to other threads.
 * One thread at a time.
 */
public final class Allowance {
    /** A batch that decompresses to more bytes is refused. */
    static final long MAX_BATCH_BYTES = 256L << 20;

    /** Decompressed bytes that a request has for each byte that the client sent. */
    private static final long PER_BYTE = 16;

    private static final long FIRST = 64 << 10;
    private static final long MOST = 1 << 20;
    /** A batch of more than a quarter of the allowance is not tried. */
    private static final long LEAST_RATIO = 4;

    private final boolean canContinueElsewhere;
    private long left;
    private long reserve;

    private Allowance(long left, long reserve, boolean canContinueElsewhere) {
        this.left = left;
        this.reserve = reserve;
        this.canContinueElsewhere = canContinueElsewhere;
    }

    /** The allowance of one batch where nothing else waits for the thread. */
    static Allowance ofBatch() {
        return new Allowance(MAX_BATCH_BYTES, 0, false);
    }

    /**
     * The allowance of one request, which is in proportion to the bytes that the client sent: 64 KiB and 16 bytes for
     * each byte of a batch, 1 MiB at most.
     */
    public static Allowance ofRequest() {
        return new Allowance(FIRST, MOST - FIRST, true);
    }

    /** The allowance is used up; the work is repeated elsewhere. */
    static final class UsedUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsedUp() {
            super(null, null, false, false);
        }
    }

    /** Whether the work may be repeated elsewhere with a larger allowance. */
    boolean canContinueElsewhere() {
        return canContinueElsewhere;
    }

    /** The allowance for one more walk over the same batch. */
    Allowance again() {
        return canContinueElsewhere ? this : ofBatch();
    }

    /**
     * A batch of this many bytes is opened next.
     *
     * @throws UsedUp the batch is probably too long
     */
    void begin(int batchBytes) {
        long more = Math.min(reserve, batchBytes * PER_BYTE);
        reserve -= more;
        left += more;
        if (canContinueElsewhere) {
            require(batchBytes * LEAST_RATIO);
        }
    }

    /**
     * @throws UsedUp these bytes exceed the allowance of the request
     * @throws InvalidRecordException these bytes exceed the allowance of the batch
     */
    void take(long bytes) {
        require(bytes);
        left -= bytes;
    }

    /** As {@link #take}, but takes nothing. */
    void require(long bytes) {
        if (bytes <= left) {
            return;
        }
        if (canContinueElsewhere) {
            throw new UsedUp();
        }
        throw new InvalidRecordException(
                "The batch holds more than " + MAX_BATCH_BYTES + " bytes after decompression.");
    }
}
