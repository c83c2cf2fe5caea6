package io.aeon.broker.coordinator;

import org.apache.kafka.common.protocol.Errors;

/** A task in one partition of a coordinator topic while this broker is the coordinator. */
public interface PartitionTask {
    /** Runs the task; called when the partition is loaded. */
    void run();

    /**
     * Refuses the task.
     *
     * @param error COORDINATOR_LOAD_IN_PROGRESS if the partition is not loaded yet; NOT_COORDINATOR if another broker
     *     leads it
     */
    void refuse(Errors error);
}
