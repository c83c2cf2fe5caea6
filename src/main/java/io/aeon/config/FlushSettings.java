package io.aeon.config;

import java.time.Duration;

/**
 * When appended records are forced to the disk.
 *
 * @param mode sync: before they are acknowledged; interval: acks=all before they are acknowledged, the rest at the
 *     interval; os: when the operating system likes
 * @param interval at most this long between appending and forcing, in mode interval
 * @param intervalBytes at most this many bytes between appending and forcing, in mode interval
 */
public record FlushSettings(Mode mode, Duration interval, long intervalBytes) {
    /** See {@link FlushSettings#mode}. */
    public enum Mode {
        SYNC,
        INTERVAL,
        OS
    }
}
