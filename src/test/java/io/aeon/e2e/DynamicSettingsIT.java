package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of the broker that are changed while it runs (KIP-226). */
class DynamicSettingsIT {
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource CLUSTER = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    private Path dir;

    private Aeon broker;
    private Clients clients;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.log.flush", "os")
                .set("aeon.kafka.producer.id.expiration.check.interval.ms", 50)
                .set("aeon.kafka.log.retention.check.interval.ms", 50)
                .start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void theConnectionsOfAnAddressAreCountedByTheLimitThatIsSet() throws IOException {
        set(BROKER, "max.connections.per.ip", "3");
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(connectFromElsewhere());
                assertThat(isServed(open.get(i))).isTrue();
            }
            try (Socket fourth = connectFromElsewhere()) {
                assertThat(isServed(fourth)).isFalse();
            }

            delete(BROKER, "max.connections.per.ip");

            try (Socket fourth = connectFromElsewhere()) {
                assertThat(isServed(fourth)).isTrue();
            }
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    @Test
    void oneAddressMayHaveALimitOfItsOwn() throws IOException {
        set(BROKER, "max.connections.per.ip.overrides", "127.0.0.2:1");

        try (Socket first = connectFromElsewhere();
                Socket second = connectFromElsewhere()) {
            assertThat(List.of(isServed(first), isServed(second))).containsExactly(true, false);
        }
    }

    @Test
    void allConnectionsAreCountedByTheLimitThatIsSet() throws IOException {
        set(CLUSTER, "max.connections", "1");
        try (Socket refused = connectFromElsewhere()) {
            assertThat(isServed(refused)).isFalse();
        }

        delete(CLUSTER, "max.connections");

        try (Socket served = connectFromElsewhere()) {
            assertThat(isServed(served)).isTrue();
        }
    }

    @Test
    void aProducerIsForgottenAfterTheTimeThatIsSet() {
        clients.create("t", 1, Map.of());
        clients.send("t", List.of("a"), Map.of("enable.idempotence", true));
        assertThat(producers()).isEqualTo(1);

        set(CLUSTER, "producer.id.expiration.ms", "1");

        await().until(() -> producers() == 0);
    }

    @Test
    void topicsTakeTheLimitOfTheirBatchesFromTheBroker() {
        clients.create("t", 1, Map.of());
        set(CLUSTER, "message.max.bytes", "500");
        assertThatThrownBy(() -> send("x".repeat(1000))).hasCauseInstanceOf(RecordTooLargeException.class);

        delete(CLUSTER, "message.max.bytes");

        assertThat(clients.send("t", List.of("x".repeat(1000)), Map.of()).offset())
                .isZero();
    }

    @Test
    void topicsTakeTheirCodecFromTheBroker() throws IOException {
        clients.create("t", 1, Map.of());
        set(BROKER, "compression.type", "zstd");

        clients.send("t", List.of("a".repeat(500)), Map.of());

        byte[] log = Files.readAllBytes(dir.resolve("t-0/00000000000000000000.log"));
        assertThat(MemoryRecords.readableRecords(ByteBuffer.wrap(log))
                        .batches()
                        .iterator()
                        .next()
                        .compressionType())
                .isEqualTo(CompressionType.ZSTD);
    }

    @Test
    void topicsTakeTheirRetentionFromTheBroker() {
        clients.create("t", 1, Map.of());
        clients.send("t", List.of("a"), Map.of());
        assertThat(earliest()).isZero();

        set(BROKER, "log.retention.ms", "1");

        await().until(() -> earliest() == 1);
    }

    @Test
    void aRestartKeepsWhatWasSetAndADeletionReturnsTheDefault() {
        set(CLUSTER, "log.cleaner.threads", "2");
        set(BROKER, "log.cleaner.backoff.ms", "7");
        set(BROKER, "max.connections", "99");
        stop();
        start();

        assertThat(told(BROKER, "log.cleaner.threads")).isEqualTo("2 DYNAMIC_DEFAULT_BROKER_CONFIG");
        assertThat(told(BROKER, "log.cleaner.backoff.ms")).isEqualTo("7 DYNAMIC_BROKER_CONFIG");
        assertThat(told(BROKER, "max.connections")).isEqualTo("99 DYNAMIC_BROKER_CONFIG");

        delete(CLUSTER, "log.cleaner.threads");
        delete(BROKER, "log.cleaner.backoff.ms");
        delete(BROKER, "max.connections");

        assertThat(told(BROKER, "log.cleaner.threads")).isEqualTo("1 DEFAULT_CONFIG");
        assertThat(told(BROKER, "log.cleaner.backoff.ms")).isEqualTo("15000 DEFAULT_CONFIG");
        assertThat(told(BROKER, "max.connections")).isEqualTo(Integer.MAX_VALUE + " DEFAULT_CONFIG");
    }

    @Test
    void aLimitThatWasSetCountsAfterARestart() throws IOException {
        set(BROKER, "max.connections.per.ip", "2");
        stop();
        broker = Aeon.builder().dataDirectory(dir).set("aeon.log.flush", "os").start();
        clients = new Clients(broker);
        admin = clients.admin();

        try (Socket first = connectFromElsewhere();
                Socket second = connectFromElsewhere();
                Socket third = connectFromElsewhere()) {
            assertThat(List.of(isServed(first), isServed(second), isServed(third)))
                    .containsExactly(true, true, false);
        }
    }

    @Test
    void aWrongValueIsRefusedInKafkasWordsAndChangesNothing() {
        assertThatThrownBy(() -> set(BROKER, "log.cleaner.threads", "some"))
                .rootCause()
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Invalid value some for configuration log.cleaner.threads: Not a number of type INT");
        assertThatThrownBy(() -> set(CLUSTER, "log.cleaner.threads", "9"))
                .rootCause()
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(
                        "Log cleaner threads cannot be increased to more than double the current value 1");
        assertThatThrownBy(() -> set(BROKER, "num.partitions", "2"))
                .rootCause()
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Cannot update these configs dynamically: [num.partitions]");

        assertThat(told(BROKER, "log.cleaner.threads")).isEqualTo("1 DEFAULT_CONFIG");
    }

    private void set(ConfigResource resource, String name, String value) {
        alter(resource, name, value, OpType.SET);
    }

    private void delete(ConfigResource resource, String name) {
        alter(resource, name, "", OpType.DELETE);
    }

    private void alter(ConfigResource resource, String name, String value, OpType operation) {
        done(admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), operation))))
                .all());
    }

    private String told(ConfigResource resource, String name) {
        ConfigEntry entry = done(admin.describeConfigs(List.of(resource)).all())
                .get(resource)
                .get(name);
        assertThat(entry.isReadOnly()).isFalse();
        ConfigSource source = entry.source();
        return entry.value() + " " + source;
    }

    private long producers() {
        return done(admin.describeProducers(List.of(PARTITION)).all())
                .get(PARTITION)
                .activeProducers()
                .size();
    }

    private long earliest() {
        return done(admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliest())).all())
                .get(PARTITION)
                .offset();
    }

    /** Sends without repetition, so that a refusal is the answer. */
    private void send(String value) throws Exception {
        try (var producer = clients.producer(Map.of("retries", 0, "enable.idempotence", false))) {
            producer.send(new ProducerRecord<>("t", 0, null, value))
                    .get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** A connection from another address than that of the Admin client. */
    private Socket connectFromElsewhere() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
        socket.setSoTimeout((int) Clients.PATIENCE.toMillis());
        return socket;
    }

    /** Whether an ApiVersions request is answered; a refused connection is closed. */
    private static boolean isServed(Socket socket) {
        byte[] request = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, -1, -1};
        try {
            socket.getOutputStream().write(request);
            return socket.getInputStream().read() >= 0;
        } catch (IOException reset) {
            return false;
        }
    }
}
