package io.aeon.metadata.channel;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.ControllerRegistrationRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.BrokerHeartbeatRequest;
import org.apache.kafka.common.requests.BrokerRegistrationRequest;
import org.apache.kafka.common.requests.ControllerRegistrationRequest;
import org.apache.kafka.common.requests.ControllerRegistrationResponse;

/** The calls by which this node makes itself known to the active controller. Errors of a response fail its future. */
public final class BrokerCalls {
    private final ControllerChannel channel;
    private final long timeoutMs;

    /** @param timeoutMs maximum time of each call in milliseconds */
    public BrokerCalls(ControllerChannel channel, long timeoutMs) {
        this.channel = channel;
        this.timeoutMs = timeoutMs;
    }

    /** Registers a broker; completes with its broker epoch. */
    public CompletableFuture<Long> register(BrokerRegistrationRequestData request) {
        return channel.send(new BrokerRegistrationRequest.Builder(request), timeoutMs)
                .thenApply(response -> {
                    BrokerRegistrationResponseData data = (BrokerRegistrationResponseData) response.data();
                    Errors.forCode(data.errorCode()).maybeThrow();
                    return data.brokerEpoch();
                });
    }

    public CompletableFuture<BrokerHeartbeatResponseData> heartbeat(BrokerHeartbeatRequestData request) {
        return channel.send(new BrokerHeartbeatRequest.Builder(request), timeoutMs)
                .thenApply(response -> {
                    BrokerHeartbeatResponseData data = (BrokerHeartbeatResponseData) response.data();
                    Errors.forCode(data.errorCode()).maybeThrow();
                    return data;
                });
    }

    public CompletableFuture<Void> register(ControllerRegistrationRequestData request) {
        return channel.send(new ControllerRegistrationRequest.Builder(request), timeoutMs)
                .thenAccept(response -> Errors.forCode(((ControllerRegistrationResponse) response)
                                .data()
                                .errorCode())
                        .maybeThrow());
    }
}
