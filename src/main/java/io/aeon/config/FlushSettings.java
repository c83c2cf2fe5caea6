package io.aeon.config;

import java.time.Duration;

/**
 * When appended records are forced to the disk.
 *
 * @param mode sync: before they are acknowledged; interval: with acks=all before they are acknowledged, otherwise at
 *     the interval; os: at a time that the operating system chooses
 * @param interval maximum time between append and fsync in mode interval
 * @param intervalBytes maximum bytes between append and fsync in mode interval
 */
public record FlushSettings(Mode mode, Duration interval, long intervalBytes) {
    /** See {@link FlushSettings#mode}. */
    public enum Mode {
        SYNC,
        INTERVAL,
        OS
    }
}
