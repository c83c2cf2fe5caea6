package io.aeon.metadata.raft;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;

/** A channel of the raft client that tells an observer which nodes answer the fetches of this one. */
final class WatchedChannel implements NetworkChannel {
    private final NetworkChannel channel;
    private final Observer observer;

    /** Is called on the channel's thread, and must return at once. */
    interface Observer {
        /** A node has answered a fetch. */
        void answered(int node);

        /** The connection to a node has ended before it answered a fetch. */
        void disconnected(int node);
    }

    WatchedChannel(NetworkChannel channel, Observer observer) {
        this.channel = channel;
        this.observer = observer;
    }

    @Override
    public int newCorrelationId() {
        return channel.newCorrelationId();
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        return channel.send(request).whenComplete((response, failure) -> {
            if (failure == null && response.source() != null && response.data() instanceof FetchResponseData fetched) {
                observe(response.source().id(), fetched);
            }
        });
    }

    private void observe(int node, FetchResponseData fetched) {
        if (fetched.errorCode() == Errors.BROKER_NOT_AVAILABLE.code()) {
            observer.disconnected(node);
        } else {
            observer.answered(node);
        }
    }

    @Override
    public ListenerName listenerName() {
        return channel.listenerName();
    }

    @Override
    public void close() {
        Utils.closeQuietly(channel, "channel of the metadata quorum");
    }
}
