package io.aeon.api.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.Calls;
import io.aeon.storage.file.ManualClock;
import io.aeon.threads.FairExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The error codes are those of Apache Kafka 4.4.0 in the same situations. */
class TelemetryHandlersTest {
    private static final int INTERVAL_MS = 10_000;
    private static final int MOST_BYTES = 1000;
    private static final byte[] METRICS = "metrics".getBytes(StandardCharsets.UTF_8);

    private final Map<String, Map<String, String>> settings =
            new TreeMap<>(Map.of("all", Map.of("metrics", "*", "interval.ms", Integer.toString(INTERVAL_MS))));
    private final ManualClock clock = new ManualClock(1_700_000_000_000L);
    private final LatestClientMetrics latest = new LatestClientMetrics(10_000, clock);
    private final Subscriptions subscriptions = new Subscriptions(() -> Map.copyOf(settings));
    private final TelemetryClients clients = new TelemetryClients(subscriptions, clock::millis);
    private final GetTelemetrySubscriptionsHandler get =
            new GetTelemetrySubscriptionsHandler(subscriptions, clients, MOST_BYTES, clock::millis);
    private final PushTelemetryHandler push =
            new PushTelemetryHandler(clients, latest, MOST_BYTES, new FairExecutor(Runnable::run, 1), clock::millis);

    @Test
    void aClientIsToldWhatToPush() {
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(told.clientInstanceId()).isNotIn(Uuid.RESERVED);
        assertThat(told.requestedMetrics()).containsExactly("*");
        assertThat(told.pushIntervalMs()).isEqualTo(INTERVAL_MS);
        assertThat(told.telemetryMaxBytes()).isEqualTo(MOST_BYTES);
        assertThat(told.deltaTemporality()).isTrue();
        assertThat(told.acceptedCompressionTypes()).containsExactly((byte) 4, (byte) 3, (byte) 1, (byte) 2);
    }

    @Test
    void nobodyAsksForMetricsWithoutASubscription() {
        settings.clear();

        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(told.requestedMetrics()).isEmpty();
        assertThat(told.pushIntervalMs()).isEqualTo(300_000);
    }

    @Test
    void allSubscriptionsThatMatchCountTogether() {
        settings.clear();
        settings.put("a", Map.of("metrics", "x.,y.", "interval.ms", "5000", "match", "client_id=te.*"));
        settings.put("b", Map.of("metrics", "y.,z.", "interval.ms", "7000"));
        settings.put("c", Map.of("metrics", "none", "interval.ms", "100", "match", "client_id=te"));
        settings.put("d", Map.of("metrics", "w.", "match", "client_software_name = unknown , client_source_port=0"));

        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(told.requestedMetrics()).containsExactlyInAnyOrder("x.", "y.", "z.", "w.");
        assertThat(told.pushIntervalMs()).isEqualTo(5000);
    }

    @Test
    void aPatternThatOnlyKafkaKnowsMatchesNobody() {
        settings.put("all", Map.of("metrics", "*", "match", "client_id=(?!x)test"));

        assertThat(ask(Uuid.ZERO_UUID).requestedMetrics()).isEmpty();
    }

    @Test
    void theSubscriptionsIdIsKafkas() {
        settings.put("all", Map.of("metrics", "*", "interval.ms", "100"));
        Uuid client = new Uuid(7, 9);

        // CRC32C of "[*]100", XORed with the hash of the client's id.
        assertThat(ask(client).subscriptionId()).isEqualTo(0x359efca1 ^ client.hashCode());
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void theLatestMetricsOfAClientAreKeptDecompressed(CompressionType codec) {
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);
        push(told, codec.id, compressed(codec, "earlier".getBytes(StandardCharsets.UTF_8)));
        clock.advance(INTERVAL_MS);

        assertThat(push(told, codec.id, compressed(codec, METRICS))).isEqualTo(Errors.NONE);

        assertThat(latest.all()).singleElement().satisfies(kept -> {
            assertThat(kept.clientInstanceId()).isEqualTo(told.clientInstanceId());
            assertThat(kept.clientId()).isEqualTo("test");
            assertThat(kept.otlp()).isEqualTo(ByteBuffer.wrap(METRICS));
            assertThat(kept.pushed()).isEqualTo(clock.instant());
        });
    }

    @Test
    void aClientMustKeepToTheInterval() {
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);
        assertThat(ask(told.clientInstanceId()).errorCode()).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED.code());
        assertThat(push(told, METRICS)).as("the first push may come at once").isEqualTo(Errors.NONE);

        assertThat(push(told, METRICS)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        clock.advance(INTERVAL_MS - 1);
        assertThat(push(told, METRICS)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
        assertThat(ask(told.clientInstanceId()).errorCode()).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED.code());
        clock.advance(1);
        assertThat(push(told, METRICS)).isEqualTo(Errors.NONE);
    }

    @Test
    void aChangedSubscriptionIsToldAtOnce() {
        GetTelemetrySubscriptionsResponseData before = ask(Uuid.ZERO_UUID);
        settings.put("all", Map.of("metrics", "x.", "interval.ms", "100"));

        assertThat(push(before, METRICS)).isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);
        GetTelemetrySubscriptionsResponseData after = ask(before.clientInstanceId());

        assertThat(after.requestedMetrics()).containsExactly("x.");
        clock.advance(100);
        assertThat(push(after, METRICS)).isEqualTo(Errors.NONE);
    }

    @Test
    void theLastPushMayComeEarlyAndIsTheLastOne() {
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);
        push(told, METRICS);

        assertThat(push(told, CompressionType.NONE.id, METRICS, true)).isEqualTo(Errors.NONE);
        clock.advance(INTERVAL_MS);
        assertThat(push(told, METRICS)).isEqualTo(Errors.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(bytes = {-1, 5, 127})
    void anUnknownCodecIsRefusedAndTheSubscriptionMayBeAskedForAgain(byte codec) {
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(push(told, codec, METRICS)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(ask(told.clientInstanceId()).errorCode()).isZero();
    }

    @Test
    void metricsThatAreTooLargeOrBrokenAreRefused() {
        assertThat(push(ask(Uuid.ZERO_UUID), new byte[MOST_BYTES + 1])).isEqualTo(Errors.TELEMETRY_TOO_LARGE);
        assertThat(push(ask(Uuid.ZERO_UUID), new byte[MOST_BYTES])).isEqualTo(Errors.NONE);
        assertThat(push(ask(Uuid.ZERO_UUID), CompressionType.GZIP.id, METRICS)).isEqualTo(Errors.INVALID_RECORD);
        byte[] bomb = compressed(CompressionType.ZSTD, new byte[MOST_BYTES + 1]);
        assertThat(bomb).hasSizeLessThan(100);
        assertThat(push(ask(Uuid.ZERO_UUID), CompressionType.ZSTD.id, bomb)).isEqualTo(Errors.INVALID_RECORD);
        assertThat(latest.all()).hasSize(1);
    }

    @Test
    void aClientNeedsAnId() {
        for (Uuid reserved : Uuid.RESERVED) {
            assertThat(push(new GetTelemetrySubscriptionsResponseData().setClientInstanceId(reserved), METRICS))
                    .isEqualTo(Errors.INVALID_REQUEST);
        }
    }

    @Test
    void whatStrangersSendTakesBoundedMemory() {
        IntStream.range(0, TelemetryClients.MOST + 10).forEach(i -> ask(new Uuid(1, i)));
        assertThat(clients.size()).isEqualTo(TelemetryClients.MOST);

        IntStream.range(0, 100).forEach(i -> push(ask(Uuid.ZERO_UUID), new byte[MOST_BYTES]));
        assertThat(latest.all()).hasSizeBetween(5, 10);
    }

    @Test
    void clientsAndMetricsAreForgottenInTime() {
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);
        push(told, METRICS);
        clock.advance(60_000);
        ask(Uuid.ZERO_UUID);
        assertThat(clients.size()).isEqualTo(1);
        assertThat(latest.all()).hasSize(1);

        clock.advance(LatestClientMetrics.KEPT.toMillis());
        assertThat(latest.all()).isEmpty();
    }

    private GetTelemetrySubscriptionsResponseData ask(Uuid client) {
        try {
            return Calls.call(
                    get,
                    new GetTelemetrySubscriptionsRequestData().setClientInstanceId(client),
                    GetTelemetrySubscriptionsResponseData.class);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Errors push(GetTelemetrySubscriptionsResponseData told, byte[] metrics) {
        return push(told, CompressionType.NONE.id, metrics);
    }

    private Errors push(GetTelemetrySubscriptionsResponseData told, byte codec, byte[] metrics) {
        return push(told, codec, metrics, false);
    }

    private Errors push(GetTelemetrySubscriptionsResponseData told, byte codec, byte[] metrics, boolean last) {
        PushTelemetryRequestData request = new PushTelemetryRequestData()
                .setClientInstanceId(told.clientInstanceId())
                .setSubscriptionId(told.subscriptionId())
                .setCompressionType(codec)
                .setTerminating(last)
                .setMetrics(ByteBuffer.wrap(metrics));
        try {
            return Errors.forCode(
                    Calls.call(push, request, PushTelemetryResponseData.class).errorCode());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] compressed(CompressionType codec, byte[] bytes) {
        ByteBufferOutputStream to = new ByteBufferOutputStream(64);
        try (OutputStream out = Compression.of(codec).build().wrapForOutput(to, RecordBatch.MAGIC_VALUE_V2)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Arrays.copyOf(to.buffer().array(), to.buffer().position());
    }
}
