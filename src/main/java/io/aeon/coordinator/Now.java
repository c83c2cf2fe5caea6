package io.aeon.coordinator;

/**
 * One moment on two clocks.
 *
 * @param epochMs the wall clock, for what is written down; it may jump
 * @param elapsedMs a clock that never goes back and starts anywhere, for deadlines
 */
public record Now(long epochMs, long elapsedMs) {}
