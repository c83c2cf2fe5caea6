package io.aeon.storage.producer;

/**
 * A batch as it was appended before.
 *
 * @param timestamp its largest, milliseconds since the epoch
 */
public record AppendedBatch(long baseOffset, long lastOffset, long timestamp) {}
