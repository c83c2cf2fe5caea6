package io.aeon.metadata.controller;

import io.aeon.metadata.channel.ControllerChannel;
import io.aeon.metadata.channel.MessageRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Sends requests to the active controller. Thread-safe. */
final class ControllerCalls {
    private final ControllerChannel channel;

    ControllerCalls(ControllerChannel channel) {
        this.channel = channel;
    }

    /** Sends the latest version of the request; fails if no controller answers within {@code timeoutMs}. */
    <T extends ApiMessage> CompletableFuture<T> send(ApiKeys api, ApiMessage request, int timeoutMs, Class<T> answer) {
        return send(api, api.latestVersion(), request, timeoutMs, answer);
    }

    /** Fails if no controller answers within {@code timeoutMs}. */
    <T extends ApiMessage> CompletableFuture<T> send(
            ApiKeys api, short version, ApiMessage request, int timeoutMs, Class<T> answer) {
        return channel.send(new MessageRequest(api, version, request), timeoutMs)
                .thenApply(response -> answer.cast(response.data()));
    }
}
