package io.aeon.api.offsets;

/** The timestamps of ListOffsets that stand for a position instead of a time. */
final class Timestamps {
    static final long LATEST = -1;
    static final long EARLIEST = -2;
    static final long NEWEST = -3;
    static final long EARLIEST_LOCAL = -4;
    static final long LATEST_TIERED = -5;
    static final long EARLIEST_PENDING_UPLOAD = -6;

    private Timestamps() {}

    /** Whether this version of ListOffsets allows the timestamp. */
    static boolean supported(long timestamp, short version) {
        if (timestamp >= EARLIEST) {
            return true;
        }
        if (timestamp == NEWEST) {
            return version >= 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return version >= 8;
        }
        if (timestamp == LATEST_TIERED) {
            return version >= 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD && version >= 11;
    }
}
