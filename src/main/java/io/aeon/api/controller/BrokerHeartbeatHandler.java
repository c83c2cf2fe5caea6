package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.metadata.QuorumNode;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** BrokerHeartbeat (KIP-631). The end of a connection on which a broker sent heartbeats is reported. */
public final class BrokerHeartbeatHandler implements ApiHandler<BrokerHeartbeatRequestData> {
    private final QuorumNode node;
    /** The broker that sent a heartbeat, by its connection. */
    private final Map<ClientConnection, Integer> brokers = new ConcurrentHashMap<>();

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
            note(request.brokerId(), context.connection());
            return Reply.of(reply);
        });
    }

    private void note(int broker, ClientConnection connection) {
        if (brokers.putIfAbsent(connection, broker) == null) {
            connection.onEnd(() -> {
                brokers.remove(connection);
                node.disconnected(broker);
            });
        }
    }
}
