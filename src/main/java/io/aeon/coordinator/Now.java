package io.aeon.coordinator;

/**
 * One moment, as the time of two clocks.
 *
 * @param epochMs wall clock in milliseconds since the epoch, for stored times; it may jump
 * @param elapsedMs monotonic clock in milliseconds with any starting point, for deadlines
 */
public record Now(long epochMs, long elapsedMs) {}
