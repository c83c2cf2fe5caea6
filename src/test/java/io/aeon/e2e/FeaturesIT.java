package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.PatientWaits;
import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The levels of features are changed while the broker runs (KIP-584), and the broker behaves by them. */
class FeaturesIT {
    private static final String GROUPS = "group.version";
    private static final String TRANSACTIONS = "transaction.version";

    @TempDir
    Path dir;

    private Aeon broker;
    private Clients clients;
    private Admin admin;

    @BeforeEach
    void start() {
        broker = Aeon.builder().dataDirectory(dir).set("aeon.log.flush", "os").start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void theSupportedLevelsAreKafkas() {
        Map<String, SupportedVersionRange> supported = features().supportedFeatures();

        assertThat(supported.keySet())
                .containsExactlyInAnyOrder(
                        "metadata.version", GROUPS, TRANSACTIONS, "eligible.leader.replicas.version");
        assertThat(range(GROUPS)).isEqualTo("0-1");
        assertThat(range(TRANSACTIONS)).isEqualTo("0-2");
        assertThat(supported.get("metadata.version").minVersion()).isEqualTo((short) 7);
        assertThat(level("metadata.version"))
                .isEqualTo(supported.get("metadata.version").maxVersion());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 2"})
    void aNewProducerUsesTheTransactionVersionInForce(short version, int epochAfterTwoTransactions) {
        update(TRANSACTIONS, version, UpgradeType.SAFE_DOWNGRADE);
        assertThat(level(TRANSACTIONS)).isEqualTo(version);

        try (Producer<String, String> producer = clients.producer(Map.of("transactional.id", "id"))) {
            producer.initTransactions();
            inTransaction(producer, "first");
            inTransaction(producer, "second");
            Awaitility.await()
                    .atMost(PatientWaits.LIMIT)
                    .until(() -> done(admin.describeTransactions(List.of("id")).description("id"))
                                    .producerEpoch()
                            == epochAfterTwoTransactions);
        }
        stop();
        start();

        assertThat(level(TRANSACTIONS)).as("after a restart").isEqualTo(version);
        update(TRANSACTIONS, (short) 2, UpgradeType.UPGRADE);
        try (Producer<String, String> producer = clients.producer(Map.of("transactional.id", "id"))) {
            producer.initTransactions();
            inTransaction(producer, "third");
        }
        try (var consumer = clients.consumer(Map.of("group.id", "g", "isolation.level", "read_committed"))) {
            consumer.subscribe(List.of("out"));
            assertThat(Clients.values(Clients.poll(consumer, 3))).containsExactly("first", "second", "third");
        }
    }

    @Test
    void aProducerGoesOnWhenTheTransactionVersionChanges() {
        try (Producer<String, String> producer = clients.producer(Map.of("transactional.id", "id"))) {
            producer.initTransactions();
            inTransaction(producer, "first");
            update(TRANSACTIONS, (short) 0, UpgradeType.SAFE_DOWNGRADE);
            inTransaction(producer, "second");
            update(TRANSACTIONS, (short) 2, UpgradeType.UPGRADE);
            inTransaction(producer, "third");
        }
        try (var consumer = clients.consumer(Map.of("group.id", "g", "isolation.level", "read_committed"))) {
            consumer.subscribe(List.of("out"));
            assertThat(Clients.values(Clients.poll(consumer, 3))).containsExactly("first", "second", "third");
        }
    }

    @Test
    void theConsumerProtocolNeedsGroupVersionOne() {
        clients.send("in", List.of("a"), Map.of());
        update(GROUPS, (short) 0, UpgradeType.SAFE_DOWNGRADE);

        try (var consumer = clients.consumer(Map.of("group.id", "new", "group.protocol", "consumer"))) {
            consumer.subscribe(List.of("in"));
            assertThatThrownBy(() -> Clients.poll(consumer, 1)).isInstanceOf(UnsupportedVersionException.class);
        }
        try (var consumer = clients.consumer(Map.of("group.id", "old"))) {
            consumer.subscribe(List.of("in"));
            assertThat(Clients.poll(consumer, 1)).hasSize(1);
        }
        update(GROUPS, (short) 1, UpgradeType.UPGRADE);
        try (var consumer = clients.consumer(Map.of("group.id", "new", "group.protocol", "consumer"))) {
            consumer.subscribe(List.of("in"));
            assertThat(Clients.poll(consumer, 1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            transaction.version | 3 | UPGRADE        | Invalid update version 3 for feature transaction.version. Local controller 1 only supports versions 0-2
            transaction.version | 1 | UPGRADE        | Invalid update version 1 for feature transaction.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.
            no.such.version     | 1 | UPGRADE        | Invalid update version 1 for feature no.such.version. Local controller 1 does not support this feature.
            share.version       | 1 | UPGRADE        | Invalid update version 1 for feature share.version. Broker 1 does not support this feature.
            kraft.version       | 1 | UPGRADE        | Invalid update version 1 for feature kraft.version. Broker 1 does not support this feature.
            metadata.version    | 7 | SAFE_DOWNGRADE | Unsupported metadata.version downgrade from 33 to 7. Refusing to perform the requested downgrade because it might delete metadata information.
            """)
    void aLevelThatCannotBeIsRefusedWithKafkasMessage(String feature, short level, UpgradeType type, String message) {
        assertThatThrownBy(() -> update(feature, level, type))
                .hasCauseInstanceOf(InvalidUpdateVersionException.class)
                .hasMessageContaining(
                        "The update failed for all features since the following feature had an error: " + message);
    }

    @Test
    void whatKafkaWouldRefuseIsToldBeforeAFeatureThatIsMissing() {
        Map<String, FeatureUpdate> release = Map.of(
                "share.version", new FeatureUpdate((short) 1, UpgradeType.UPGRADE),
                "kraft.version", new FeatureUpdate((short) 1, UpgradeType.UPGRADE),
                "metadata.version", new FeatureUpdate((short) 29, UpgradeType.UPGRADE));

        assertThatThrownBy(() -> done(admin.updateFeatures(release, new UpdateFeaturesOptions())
                        .all()))
                .hasMessageContaining("Invalid update version 29 for feature metadata.version.");
    }

    @Test
    void aDryRunChangesNothing() {
        done(admin.updateFeatures(
                        Map.of(GROUPS, new FeatureUpdate((short) 0, UpgradeType.SAFE_DOWNGRADE)),
                        new UpdateFeaturesOptions().validateOnly(true))
                .all());

        assertThat(level(GROUPS)).isEqualTo((short) 1);
    }

    private static void inTransaction(Producer<String, String> producer, String value) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("out", value));
        producer.commitTransaction();
    }

    private void update(String feature, short level, UpgradeType type) {
        done(admin.updateFeatures(Map.of(feature, new FeatureUpdate(level, type)), new UpdateFeaturesOptions())
                .all());
    }

    private FeatureMetadata features() {
        return done(admin.describeFeatures().featureMetadata());
    }

    private String range(String feature) {
        SupportedVersionRange range = features().supportedFeatures().get(feature);
        return range.minVersion() + "-" + range.maxVersion();
    }

    private short level(String feature) {
        var finalized = features().finalizedFeatures().get(feature);
        return finalized == null ? 0 : finalized.maxVersionLevel();
    }
}
