package io.aeon.metadata.raft;

import java.util.Optional;
import org.apache.kafka.raft.RaftMessageQueue;
import org.apache.kafka.raft.internals.BlockingMessageQueue;

/**
 * The messages to the raft client of a node that only observes. When the timeout of its fetches has passed and no
 * controller answers, Kafka's client waits for messages without a pause, and takes a whole core. An observer has
 * nothing to do that a few milliseconds delay.
 */
final class ObserverMessages extends BlockingMessageQueue {
    static final int LEAST_WAIT_MS = 10;

    /** @param timeoutMs how long to wait for a message, at least {@link #LEAST_WAIT_MS} */
    @Override
    public Optional<RaftMessageQueue.QueueEntry> poll(long timeoutMs) {
        return super.poll(Math.max(timeoutMs, LEAST_WAIT_MS));
    }
}
