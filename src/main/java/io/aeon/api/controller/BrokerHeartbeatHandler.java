package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** BrokerHeartbeat (KIP-631). The end of a connection on which a broker sent heartbeats is reported. */
public final class BrokerHeartbeatHandler implements ApiHandler<BrokerHeartbeatRequestData> {
    private final QuorumNode node;
    private final Set<Heard> heard = ConcurrentHashMap.newKeySet();

    public BrokerHeartbeatHandler(QuorumNode node) {
        this.node = node;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.BROKER_HEARTBEAT;
    }

    @Override
    public CompletionStage<Reply> handle(BrokerHeartbeatRequestData request, RequestContext context) {
        return node.heartbeat(request, context.version()).thenApply(reply -> {
            note(new Heard(context.connection(), request.brokerId(), request.brokerEpoch()));
            return Reply.of(reply);
        });
    }

    private void note(Heard broker) {
        if (heard.add(broker)) {
            node.connected(broker.id, broker.epoch);
            broker.connection.onEnd(() -> {
                heard.remove(broker);
                node.disconnected(broker.id, broker.epoch);
            });
        }
    }

    /** A broker has sent a heartbeat over this connection. */
    private record Heard(ClientConnection connection, int id, long epoch) {}
}
