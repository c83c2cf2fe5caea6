package io.aeon.broker.coordinator;

import org.apache.kafka.common.protocol.Errors;

/** What is to be done in one partition of a coordinator topic while this broker coordinates it. */
public interface PartitionTask {
    /** The partition is loaded. */
    void run();

    /** @param error COORDINATOR_LOAD_IN_PROGRESS while the partition is not loaded, NOT_COORDINATOR for one led elsewhere */
    void refuse(Errors error);
}
