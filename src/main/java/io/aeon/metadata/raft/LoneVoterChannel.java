package io.aeon.metadata.raft;

import io.aeon.metadata.channel.ControllerConnections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;

/** The network channel of a quorum with one voter: there is no peer, so no port is opened. */
final class LoneVoterChannel implements NetworkChannel {
    private final AtomicInteger correlationIds = new AtomicInteger();

    @Override
    public int newCorrelationId() {
        return correlationIds.getAndIncrement();
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        return CompletableFuture.failedFuture(
                new IllegalStateException("A quorum of one has no peer to send to: " + request));
    }

    @Override
    public ListenerName listenerName() {
        return ControllerConnections.LISTENER;
    }

    @Override
    public void close() {}
}
