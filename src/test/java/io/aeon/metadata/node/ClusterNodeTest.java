package io.aeon.metadata.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.QuorumNode;
import io.aeon.metadata.engine.Settled;
import io.aeon.metadata.log.FillableDisk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The only node of a cluster, which no other node reaches: nobody listens at the address of its controller. */
class ClusterNodeTest {
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    @TempDir
    Path dir;

    private final FillableDisk disk = new FillableDisk();
    private final CompletableFuture<QuorumNode> controller = new CompletableFuture<>();
    private final CompletableFuture<Void> fatal = new CompletableFuture<>();

    @Test
    void aFatalFaultBeforeItServesEndsTheStart() {
        try (ClusterNode node = start()) {
            CompletableFuture<Void> served = node.serve(Map.of());
            disk.fullWhile(() -> true);

            var unused = change();

            assertThat(served)
                    .failsWithin(PatientWaits.LIMIT)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage("No space left on device");
            assertThat(fatal).failsWithin(PatientWaits.LIMIT);
        }
    }

    @Test
    void aStartWhoseRegistrationNoControllerTakesEnds() {
        try (ClusterNode node = start(Map.of("aeon.kafka.initial.broker.registration.timeout.ms", 1000))) {
            assertThat(node.serve(Map.of()))
                    .failsWithin(PatientWaits.LIMIT)
                    .withThrowableThat()
                    .withRootCauseInstanceOf(ConfigException.class)
                    .withMessageContaining("No controller has registered broker 1 within 1000 ms");
        }
    }

    /** Once a controller has taken the registration, clients may send records that a failure of the machine loses. */
    @Test
    void theMarkOfARunThatCanLoseRecordsPrecedesTheRegistration() {
        try (ClusterNode node = start(Map.of("aeon.log.flush", "os"))) {
            assertThat(dir.resolve(".running")).doesNotExist();

            var unused = node.serve(Map.of());

            assertThat(dir.resolve(".running")).exists();
        }
    }

    @Test
    void itStopsWhileTheDiskRefusesMetadata() {
        ClusterNode node = start();
        Settled.settle(node);
        disk.fullWhile(() -> true);
        assertThat(change())
                .failsWithin(PatientWaits.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(KafkaStorageException.class);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            node.leave(Duration.ofSeconds(1));
            node.close();
        });

        assertThat(stopped).succeedsWithin(PatientWaits.LIMIT);
        assertThat(fatal).isNotDone();
    }

    private CompletableFuture<AlterClientQuotasResponseData> change() {
        EntryData entry = new EntryData()
                .setEntity(List.of(new EntityData().setEntityType("user").setEntityName("somebody")))
                .setOps(List.of(new OpData().setKey("producer_byte_rate").setValue(1e6)));
        return PatientWaits.done(controller)
                .metadata()
                .controller()
                .alterClientQuotas(new AlterClientQuotasRequestData().setEntries(List.of(entry)));
    }

    private ClusterNode start() {
        return start(Map.of());
    }

    private ClusterNode start(Map<String, ?> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("aeon.listeners.controller.port", NOWHERE.getPort());
        all.put("aeon.listeners.client.port", 0);
        AeonSettings settings = Engines.settings(dir, all);
        return ClusterNode.start(
                settings,
                settings.dataDirs(),
                disk.files(),
                Optional.of(NOWHERE),
                controller::complete,
                Engines.faults(fatal::completeExceptionally));
    }
}
