package io.aeon.broker;

import io.aeon.broker.disk.Disks;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.ReplicaMover;
import io.aeon.broker.topic.TopicSettingsCache;
import io.aeon.broker.transaction.TransactionServices;
import io.aeon.counters.BrokerCounters;
import io.aeon.threads.FairExecutor;
import java.util.concurrent.Executor;

/**
 * The services that the guardian provides to the request handlers.
 *
 * @param partitions delivers commands to the partitions
 * @param groups delivers commands to the group coordinators
 * @param transactions delivers commands to the transaction coordinators, and transactional records to the partitions
 * @param disks the data directories, and which of them holds each partition
 * @param mover moves replicas between the data directories
 * @param topicSettings effective settings of topics
 * @param counters of all partitions
 * @param pool threads for work that does not block
 * @param blocking a bounded number of threads that may block on a disk
 * @param decompression runs the decompression of long batches on {@code blocking}; its owners are the clients'
 *     connections
 * @param timer deadlines of requests
 */
public record BrokerServices(
        Partitions partitions,
        GroupCoordinators groups,
        TransactionServices transactions,
        Disks disks,
        ReplicaMover mover,
        TopicSettingsCache topicSettings,
        BrokerCounters counters,
        Executor pool,
        Executor blocking,
        FairExecutor decompression,
        Timer timer) {}
