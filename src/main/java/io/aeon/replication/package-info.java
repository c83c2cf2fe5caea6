/**
 * How the replicas of a partition agree (Kafka's ISR protocol), as pure state machines: what other brokers say comes
 * in, the high watermark and changes of the ISR go out. No Akka, no files, no network; time is passed in. The broker's
 * partitions run the part of the leader. The tests run leaders and followers of a whole cluster by a seeded schedule.
 */
@NullMarked
package io.aeon.replication;

import org.jspecify.annotations.NullMarked;
