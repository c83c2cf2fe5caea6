package io.aeon.config;

import java.time.Duration;

/**
 * Bounds of the network side.
 *
 * @param bytesInFlight bytes of requests read and not yet answered, over all connections
 * @param frameTimeout from the first byte of a frame to its last
 * @param drainTimeout at stop, how long answers under way may take
 * @param pipelineDepth produce requests of one connection under way at once
 */
public record NetworkSettings(long bytesInFlight, Duration frameTimeout, Duration drainTimeout, int pipelineDepth) {}
