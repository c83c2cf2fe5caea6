package io.aeon.control;

import java.util.concurrent.CompletionStage;

/**
 * What a test can do to a broker that runs in its JVM, to see how a program deals with errors. Without a call the
 * broker behaves as in service. No call blocks for longer than a few milliseconds unless its description says
 * otherwise. Thread-safe.
 */
public interface BrokerControl {
    /**
     * Selects requests of clients.
     *
     * @param api Kafka's name of the API: {@code Produce}, {@code Fetch}, {@code OffsetCommit}, {@code JoinGroup}
     * @throws IllegalArgumentException the broker has no API of this name
     */
    Requests requests(String api);

    /** The clock by which the broker decides what is old. */
    BrokerClock clock();

    /**
     * Removes the records that are beyond the retention of their topics, without the wait for the next look at it. The
     * work begins at once, and may not be over when this call returns.
     */
    void applyRetention();

    /**
     * Compacts all partitions of a topic, however little there is to gain, and including their latest records, except
     * for those that are younger than {@code min.compaction.lag.ms}.
     *
     * @return completes when the records that have a successor are gone; exceptionally if a partition cannot be
     *     compacted
     * @throws IllegalArgumentException there is no such topic, or its {@code cleanup.policy} is not to compact
     */
    CompletionStage<Void> compact(String topic);

    /**
     * Lets all partitions in use forget every producer without an open transaction, as after {@code
     * producer.id.expiration.ms} without a record. The next batch of a producer that goes on is refused with
     * UNKNOWN_PRODUCER_ID or OUT_OF_ORDER_SEQUENCE_NUMBER, from which Kafka's own producers recover.
     */
    void expireProducers();

    /**
     * Removes all members from a group, as an administrator can. They find out at their next heartbeat, lose their
     * partitions, and join again in a new generation.
     *
     * @throws IllegalArgumentException this broker coordinates no group of this name that has members
     */
    void rebalance(String group);

    /** The files of all partitions. */
    BrokerDisk disk();

    /** The files of one partition, which need not exist yet. */
    BrokerDisk disk(String topic, int partition);

    /**
     * Ends the broker as SIGKILL ends a process: no request is answered any more, nothing is written, and connections
     * break. What was written is still there.
     *
     * @throws IllegalStateException the broker was killed already
     */
    void kill();

    /**
     * The same, and the disk is as a power cut leaves it: what was not forced is gone. In flush mode {@code sync} this
     * is nothing that was acknowledged. A broker with a temporary directory has flush mode {@code os} unless told
     * otherwise ({@code aeon.log.flush}), in which acknowledged records can be lost.
     */
    void cutPower();

    /**
     * Starts a broker that was killed, with the same settings, port and data directory. Returns when it serves clients.
     *
     * @throws IllegalStateException the broker runs, is closed, or cannot start
     */
    void restart();

    /**
     * Gives all partitions a new leader epoch, as after their leaders have failed and are back. The broker is out of
     * service for some milliseconds meanwhile. Only for a broker alone.
     *
     * @throws IllegalStateException the broker is a node of a cluster
     */
    void renewLeaderEpochs();
}
