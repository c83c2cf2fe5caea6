package io.aeon.config;

import java.time.Duration;

/**
 * Limits for connections and requests.
 *
 * @param bytesInFlight maximum heap for the requests and answers of all connections, in bytes
 * @param frameTimeout maximum time from the first to the last byte of a frame
 * @param drainTimeout maximum time for pending answers when the broker stops
 * @param pipelineDepth maximum number of pending produce requests of one connection
 */
public record NetworkSettings(long bytesInFlight, Duration frameTimeout, Duration drainTimeout, int pipelineDepth) {}
