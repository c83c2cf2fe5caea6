package io.aeon.broker.disk;

/**
 * The state of the disk that all partitions share.
 *
 * @param space the free space that records may use
 * @param stall whether writes to the disk block the broker's threads
 */
public record Disk(DiskSpace space, DiskStall stall) {}
