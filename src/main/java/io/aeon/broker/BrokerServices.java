package io.aeon.broker;

import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.topic.TopicSettingsCache;
import io.aeon.broker.transaction.TransactionServices;
import java.util.concurrent.Executor;

/**
 * What the guardian makes ready for the request handlers.
 *
 * @param partitions the way to the partitions
 * @param groups the way to the group coordinators
 * @param transactions the way to the transaction coordinators and through transactions to the partitions
 * @param topicSettings effective settings of topics
 * @param pool threads for what does not block
 * @param blocking threads that may wait for a disk; a bounded number
 * @param timer deadlines of requests
 */
public record BrokerServices(
        Partitions partitions,
        GroupCoordinators groups,
        TransactionServices transactions,
        TopicSettingsCache topicSettings,
        Executor pool,
        Executor blocking,
        Timer timer) {}
