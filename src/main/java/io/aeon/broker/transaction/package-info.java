/**
 * The parts that are specific to transactions: the topic of their coordinators, the gate before the partitions, the
 * markers, and the requests about transactions to the other brokers.
 */
@NullMarked
package io.aeon.broker.transaction;

import org.jspecify.annotations.NullMarked;
