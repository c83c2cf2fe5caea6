package io.aeon.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;

/** Clients ask for their subscription and push metrics, in time and too early, with right and with wrong ids. */
final class TelemetryScript implements Script {
    private static final String SUBSCRIPTION = "telemetry";
    private static final byte DELETE = 1;
    private static final byte GZIP = 1;
    private static final byte NO_CODEC = 9;
    private static final byte[] METRICS = "metrics".getBytes(StandardCharsets.UTF_8);
    private static final int TOO_MUCH = (1 << 20) + 1;

    private Stage stage;
    private Line line;

    @Override
    public String name() {
        return SUBSCRIPTION;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        ask("without a subscription", new Uuid(1, 1));
        set("metrics", "org.apache.kafka.producer.,org.apache.kafka.consumer.");
        set("interval.ms", "3600000");
        GetTelemetrySubscriptionsResponseData told = ask("for the first time", new Uuid(1, 2));
        ask("without an id", Uuid.ZERO_UUID);
        ask("too early", new Uuid(1, 2));
        push("at once", request(told));
        push("too early", request(told));
        push("the last time", request(told).setTerminating(true));
        push("after the last time", request(told));
        told = ask("as another client", new Uuid(1, 3));
        push("with another subscription", request(told).setSubscriptionId(told.subscriptionId() + 1));
        ask("after an unknown subscription", new Uuid(1, 3));
        push("with an unknown codec", request(told).setCompressionType(NO_CODEC));
        ask("after an unknown codec", new Uuid(1, 3));
        push("too much", request(told).setMetrics(ByteBuffer.allocate(TOO_MUCH)));
        push(
                "what is not compressed",
                request(ask("as a third client", new Uuid(1, 4))).setCompressionType(GZIP));
        push("nothing", request(ask("as a fourth client", new Uuid(1, 5))).setMetrics(ByteBuffer.allocate(0)));
        push("without an id", request(told).setClientInstanceId(Uuid.ZERO_UUID));
        push("with a reserved id", request(told).setClientInstanceId(Uuid.ONE_UUID));
        set("match", "client_software_name=nobody");
        ask("as one that does not match", new Uuid(1, 6));
        remove("match");
        remove("metrics");
        remove("interval.ms");
    }

    private GetTelemetrySubscriptionsResponseData ask(String what, Uuid client) {
        return line.ask(
                "ask " + what,
                0,
                new GetTelemetrySubscriptionsRequestData().setClientInstanceId(client),
                GetTelemetrySubscriptionsResponseData.class);
    }

    private static PushTelemetryRequestData request(GetTelemetrySubscriptionsResponseData told) {
        return new PushTelemetryRequestData()
                .setClientInstanceId(told.clientInstanceId())
                .setSubscriptionId(told.subscriptionId())
                .setMetrics(ByteBuffer.wrap(METRICS));
    }

    private void push(String what, PushTelemetryRequestData request) {
        line.ask("push " + what, 0, request, PushTelemetryResponseData.class);
    }

    private void set(String setting, String value) {
        change(new AlterableConfig().setName(setting).setValue(value));
    }

    private void remove(String setting) {
        change(new AlterableConfig().setName(setting).setValue(null).setConfigOperation(DELETE));
    }

    private void change(AlterableConfig config) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        AlterConfigsResource changed = new AlterConfigsResource()
                .setResourceType(ConfigResource.Type.CLIENT_METRICS.id())
                .setResourceName(SUBSCRIPTION);
        changed.configs().add(config);
        request.resources().add(changed);
        line.ask("change " + config.name(), 0, request, IncrementalAlterConfigsResponseData.class);
        stage.settle();
    }
}
