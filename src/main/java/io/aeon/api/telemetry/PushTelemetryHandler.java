package io.aeon.api.telemetry;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.telemetry.TelemetryClient.Push;
import io.aeon.protocol.CompressedPayload;
import io.aeon.threads.FairExecutor;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** PushTelemetry (KIP-714): keeps the metrics of a client, decompressed. */
public final class PushTelemetryHandler implements ApiHandler<PushTelemetryRequestData> {
    private final TelemetryClients clients;
    private final LatestClientMetrics latest;
    private final int mostBytes;
    private final FairExecutor turns;
    private final LongSupplier millis;

    /**
     * @param mostBytes of metrics in one push, as they are sent and also after decompression
     * @param turns decompresses; each connection is an owner
     */
    PushTelemetryHandler(
            TelemetryClients clients,
            LatestClientMetrics latest,
            int mostBytes,
            FairExecutor turns,
            LongSupplier millis) {
        this.clients = clients;
        this.latest = latest;
        this.mostBytes = mostBytes;
        this.turns = turns;
        this.millis = millis;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.PUSH_TELEMETRY;
    }

    @Override
    public CompletionStage<Reply> handle(PushTelemetryRequestData request, RequestContext context) {
        if (Uuid.RESERVED.contains(request.clientInstanceId())) {
            return CompletableFuture.completedFuture(answer(Errors.INVALID_REQUEST));
        }
        TelemetrySender sender = TelemetrySender.of(request.clientInstanceId(), context);
        TelemetryClient client = clients.of(sender);
        Errors error = client.push(
                new Push(request.subscriptionId(), problem(request), request.terminating()), millis.getAsLong());
        if (error != Errors.NONE || !request.metrics().hasRemaining()) {
            return CompletableFuture.completedFuture(answer(error));
        }
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        turns.execute(sender.connection(), () -> {
            keep(request, sender, client, reply);
            return reply;
        });
        return reply;
    }

    private Errors problem(PushTelemetryRequestData request) {
        if (!CompressedPayload.isKnown(request.compressionType())) {
            return Errors.UNSUPPORTED_COMPRESSION_TYPE;
        }
        return request.metrics().remaining() > mostBytes ? Errors.TELEMETRY_TOO_LARGE : Errors.NONE;
    }

    private void keep(
            PushTelemetryRequestData request,
            TelemetrySender sender,
            TelemetryClient client,
            CompletableFuture<Reply> reply) {
        try {
            ByteBuffer metrics = request.metrics();
            latest.pushed(sender, CompressedPayload.decompress(request.compressionType(), metrics, mostBytes));
            reply.complete(answer(Errors.NONE));
        } catch (ApiException e) {
            client.pushedInvalid();
            reply.complete(answer(Errors.INVALID_RECORD));
        } catch (OutOfMemoryError e) {
            reply.completeExceptionally(e);
            throw e;
        } catch (RuntimeException | Error e) {
            reply.completeExceptionally(e);
        }
    }

    private static Reply answer(Errors error) {
        return Reply.of(new PushTelemetryResponseData().setErrorCode(error.code()));
    }
}
