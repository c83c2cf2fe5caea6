package io.aeon.storage.producer;

/**
 * The place of a batch that was appended earlier.
 *
 * @param timestamp its largest timestamp, milliseconds since the epoch
 */
public record AppendedBatch(long baseOffset, long lastOffset, long timestamp) {}
