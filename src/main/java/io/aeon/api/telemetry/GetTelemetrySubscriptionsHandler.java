package io.aeon.api.telemetry;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.telemetry.Subscriptions.Wanted;
import io.aeon.protocol.CompressedPayload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** GetTelemetrySubscriptions (KIP-714): tells a client which metrics it shall push, and how often. */
public final class GetTelemetrySubscriptionsHandler implements ApiHandler<GetTelemetrySubscriptionsRequestData> {
    private final Subscriptions subscriptions;
    private final TelemetryClients clients;
    private final int mostBytes;
    private final LongSupplier millis;

    GetTelemetrySubscriptionsHandler(
            Subscriptions subscriptions, TelemetryClients clients, int mostBytes, LongSupplier millis) {
        this.subscriptions = subscriptions;
        this.clients = clients;
        this.mostBytes = mostBytes;
        this.millis = millis;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public long answerBytes(GetTelemetrySubscriptionsRequestData request, short version) {
        return AnswerSizes.unlessFew(subscriptions.heapBytes());
    }

    @Override
    public CompletionStage<Reply> handle(GetTelemetrySubscriptionsRequestData request, RequestContext context) {
        boolean isNew = request.clientInstanceId().equals(Uuid.ZERO_UUID);
        Uuid id = isNew ? Uuid.randomUuid() : request.clientInstanceId();
        TelemetrySender sender = TelemetrySender.of(id, context);
        Errors error = clients.of(sender).get(millis.getAsLong());
        GetTelemetrySubscriptionsResponseData response = new GetTelemetrySubscriptionsResponseData();
        return CompletableFuture.completedFuture(
                Reply.of(error == Errors.NONE ? subscription(response, sender) : response.setErrorCode(error.code())));
    }

    private GetTelemetrySubscriptionsResponseData subscription(
            GetTelemetrySubscriptionsResponseData response, TelemetrySender sender) {
        Wanted wanted = subscriptions.of(sender);
        return response.setClientInstanceId(sender.id())
                .setSubscriptionId(wanted.id())
                .setRequestedMetrics(wanted.metrics())
                .setAcceptedCompressionTypes(CompressedPayload.codecs())
                .setPushIntervalMs(wanted.intervalMs())
                .setTelemetryMaxBytes(mostBytes)
                .setDeltaTemporality(true);
    }
}
