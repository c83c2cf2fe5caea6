package io.aeon.broker.disk;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * What the disk can still take, as far as is known: what it said last, less what was written since. Writing ends while
 * there is a reserve, so that reading, deleting, checkpoints and the metadata never meet a full disk. Thread-safe; costs an
 * append one addition.
 */
public final class DiskSpace {
    private static final int LAST_PART = 4;
    private static final int COMFORT_PART = 8;

    private final long reserve;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean low;

    /** @param reserve bytes that clients' records leave free; 0 lets them fill the disk */
    public DiskSpace(long reserve) {
        this.reserve = reserve;
    }

    /** Whether the reserve is touched, so that space should be made. */
    public boolean isLow() {
        return low;
    }

    /** Takes note of what the disk says now; whether the reserve is touched. */
    public boolean measured(long usable) {
        left.set(usable);
        low = usable < (low ? reserve + reserve / COMFORT_PART : reserve);
        return low;
    }

    /**
     * Before {@code bytes} are written.
     *
     * @param mayUseReserve for what brings work under way to its end: down to a quarter of the reserve
     * @throws KafkaStorageException they must not be; clients try again later
     */
    public void take(int bytes, boolean mayUseReserve) {
        if (reserve == 0) {
            return;
        }
        long after = left.addAndGet(-bytes);
        boolean enough = mayUseReserve ? after >= reserve / LAST_PART : !low && after >= reserve;
        if (!enough) {
            left.addAndGet(bytes);
            low = true;
            throw new KafkaStorageException("less than " + reserve + " bytes are free on the broker's disk");
        }
    }
}
