package io.aeon.broker.disk;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * The free space of the disk, as far as the broker knows it: the space at the last measurement, less the bytes written
 * since. Appends fail while only the reserve is free, so that reads, deletions, checkpoints and the metadata always
 * find free space. Thread-safe; an append pays one atomic addition.
 */
public final class DiskSpace {
    private static final int LAST_PART = 4;
    private static final int COMFORT_PART = 8;

    private final long reserve;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean low;

    /** @param reserve bytes that clients' records leave free; 0 allows them to fill the disk */
    public DiskSpace(long reserve) {
        this.reserve = reserve;
    }

    /** Whether less than the reserve is free, so that the broker should delete old segments. */
    public boolean isLow() {
        return low;
    }

    /**
     * Records a new measurement of {@code usable} bytes.
     *
     * @return whether less than the reserve is free
     */
    public boolean measured(long usable) {
        left.set(usable);
        low = usable < (low ? reserve + reserve / COMFORT_PART : reserve);
        return low;
    }

    /**
     * Reserves {@code bytes} for a write; to be called before the write.
     *
     * @param mayUseReserve whether the write may use the reserve, down to a quarter of it; for writes that complete
     *     work already started
     * @throws KafkaStorageException the free space does not suffice; clients retry later
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
