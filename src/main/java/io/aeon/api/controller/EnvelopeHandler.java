package io.aeon.api.controller;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.protocol.MalformedRequestException;
import io.aeon.protocol.Request;
import io.aeon.protocol.RequestDecoder;
import io.aeon.protocol.ResponseEncoder;
import io.aeon.protocol.ResponseFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Envelope (KIP-590): a broker forwards the request of one of its clients. */
public final class EnvelopeHandler implements ApiHandler<EnvelopeRequestData> {
    /** A frame of this size is decoded only with the memory of its envelope, which holds it once more. */
    private static final long MOST_HEAP = 64 << 20;

    private final CompletionStage<ApiTable> apis;

    /** @param apis completes with the table that answers the requests inside */
    public EnvelopeHandler(CompletionStage<ApiTable> apis) {
        this.apis = apis;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.ENVELOPE;
    }

    @Override
    public CompletionStage<Reply> handle(EnvelopeRequestData request, RequestContext context) {
        return apis.thenCompose(table -> answer(table, request, context)).thenApply(Reply::of);
    }

    private static CompletionStage<EnvelopeResponseData> answer(
            ApiTable table, EnvelopeRequestData envelope, RequestContext context) {
        byte[] frame = new byte[envelope.requestData().remaining()];
        envelope.requestData().duplicate().get(frame);
        Request inner;
        try {
            inner = new RequestDecoder(table, MOST_HEAP).scan(frame).decode();
        } catch (MalformedRequestException e) {
            return CompletableFuture.failedFuture(new InvalidRequestException(e.getMessage()));
        }
        if (!inner.api().forwardable) {
            return CompletableFuture.failedFuture(
                    new InvalidRequestException(inner.api().name + " cannot be forwarded"));
        }
        RequestContext forwarded =
                new RequestContext(inner.version(), inner.correlationId(), inner.clientId(), context.connection());
        return CompletableFuture.completedFuture(table)
                .thenCompose(apis -> apis.handle(inner.api(), inner.body(), forwarded))
                .exceptionally(failure -> failed(table, inner, failure))
                .thenApply(reply -> packed(inner, ((Reply.Message) reply).body()));
    }

    private static Reply failed(ApiTable table, Request inner, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return table.failed(inner.api(), inner.version(), inner.body(), cause)
                .orElseThrow(() -> new InvalidRequestException(inner.api().name + " has no error response"));
    }

    /** The broker sends the request again, to the active controller, if any part of it has met another one. */
    private static EnvelopeResponseData packed(Request inner, ApiMessage body) {
        ResponseFrame frame = new ResponseEncoder(inner.api(), inner.version(), inner.correlationId(), body).encode();
        ByteBuffer bytes = frame.take(frame.remaining());
        bytes.position(bytes.position() + Integer.BYTES);
        RequestHeader header = new RequestHeader(inner.api(), inner.version(), inner.clientId(), inner.correlationId());
        return AbstractResponse.parseResponse(bytes.duplicate(), header)
                        .errorCounts()
                        .containsKey(Errors.NOT_CONTROLLER)
                ? new EnvelopeResponseData().setErrorCode(Errors.NOT_CONTROLLER.code())
                : new EnvelopeResponseData().setResponseData(bytes.slice());
    }
}
