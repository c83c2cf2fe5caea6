package io.aeon.control;

import java.time.Duration;

/**
 * The files of partitions, of all or of one. The metadata have files of their own, on which nothing here acts. Reading
 * goes on with every fault.
 */
public interface BrokerDisk {
    /**
     * Writes fail as on a full disk. Produce requests are refused with KAFKA_STORAGE_ERROR, which producers retry,
     * until the fault is closed and the broker has seen it, at most a second later.
     */
    InjectedFault full();

    /** Each write and each fsync takes longer by {@code time}. Closing the fault ends the waits. */
    InjectedFault slow(Duration time);

    /**
     * Writes and fsyncs fail with an input/output error. The partition goes offline, is recovered as after a crash when
     * the fault is closed, and serves again about a second later.
     */
    InjectedFault fail();
}
