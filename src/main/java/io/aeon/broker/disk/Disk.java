package io.aeon.broker.disk;

/**
 * What all partitions must know of the disk that they share.
 *
 * @param space what it can still take
 * @param stall whether it holds who writes to it
 */
public record Disk(DiskSpace space, DiskStall stall) {}
