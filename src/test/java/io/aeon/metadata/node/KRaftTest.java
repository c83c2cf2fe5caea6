package io.aeon.metadata.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.config.AeonSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Controller;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.directory.IdentityFiles;
import io.aeon.metadata.directory.MetadataEnvironment;
import io.aeon.metadata.log.FillableDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KRaftTest {
    @TempDir
    Path dir;

    @Test
    void aTopicIsInTheImageOnceItsCreationIsAnswered() throws Exception {
        try (KRaft metadata = start(dir)) {
            Uuid id = create(metadata, "orders", 3);

            ClusterImage.Topic topic = metadata.image().topic("orders").orElseThrow();
            assertThat(topic.id()).isEqualTo(id);
            assertThat(topic.partitions()).hasSize(3).allSatisfy(partition -> {
                assertThat(partition.leader()).isEqualTo(1);
                assertThat(partition.isr()).containsExactly(1);
            });
            assertThat(metadata.image().topic(id)).contains(topic);
        }
    }

    @Test
    void theImageContainsThisBrokerAndItsAddress() {
        try (KRaft metadata = Engines.start(Engines.settings(
                dir,
                Map.of(
                        "aeon.listeners.client.port",
                        19092,
                        "aeon.listeners.client.advertised-host",
                        "broker.example.org")))) {
            ClusterImage.Broker broker = metadata.image().broker(1).orElseThrow();

            assertThat(metadata.image().brokers()).containsExactly(broker);
            assertThat(broker.endpoints())
                    .containsExactly(Map.entry("PLAINTEXT", new ClusterImage.Endpoint("broker.example.org", 19092)));
            assertThat(broker.fenced()).isFalse();
            assertThat(broker.inControlledShutdown()).isFalse();
        }
    }

    @Test
    void aRestartKeepsTopicsIdsClusterAndLeaders() throws Exception {
        Uuid id;
        String cluster;
        ClusterImage.Partition partition;
        try (KRaft metadata = start(dir)) {
            id = create(metadata, "orders", 1);
            cluster = metadata.image().clusterId();
            partition = metadata.image().topic(id).orElseThrow().partitions().get(0);
        }
        try (KRaft metadata = start(dir)) {
            assertThat(metadata.image().clusterId()).isEqualTo(cluster);
            assertThat(metadata.image().topic(id).orElseThrow().partitions()).containsExactly(partition);
            create(metadata, "payments", 1);
        }
    }

    @Test
    void aBatchThatHasOutgrownItsBufferIsReadWhole() throws Exception {
        try (KRaft metadata = start(dir)) {
            create(metadata, "wide", 2_000);
        }
        try (KRaft metadata = start(dir)) {
            assertThat(metadata.image().topic("wide").orElseThrow().partitions())
                    .hasSize(2_000);
        }
    }

    @Test
    void afterAFailureOfTheMachineWithUnsyncedRecordsEveryPartitionGetsANewLeaderEpoch() throws Exception {
        AeonSettings settings = Engines.settings(dir, Map.of("aeon.log.flush", "os"));
        Path mark = dir.resolve(".running");
        ClusterImage.Partition before;
        try (KRaft metadata = Engines.start(settings)) {
            create(metadata, "orders", 2);
            before = partition(metadata);
        }
        assertThat(mark).exists();
        try (KRaft metadata = Engines.start(settings)) {
            assertThat(partition(metadata)).isEqualTo(before);
            metadata.logsAreClosed();
        }
        assertThat(mark).doesNotExist();
        Files.writeString(mark, "another boot of this machine\n");

        ClusterImage.Partition after;
        try (KRaft metadata = start(dir)) {
            after = partition(metadata);
            assertThat(after.leaderEpoch()).isGreaterThan(before.leaderEpoch());
            assertThat(after.leader()).isEqualTo(before.leader());
            assertThat(after.isr()).isEqualTo(before.isr());
            assertThat(mark).doesNotExist();
        }
        try (KRaft metadata = Engines.start(settings)) {
            assertThat(partition(metadata)).isEqualTo(after);
        }
    }

    private static ClusterImage.Partition partition(KRaft metadata) {
        return metadata.image().topic("orders").orElseThrow().partitions().get(1);
    }

    @Test
    void producerIdBlocksNeverOverlap() throws Exception {
        Set<Long> firsts = new HashSet<>();
        for (int run = 0; run < 2; run++) {
            try (KRaft metadata = start(dir)) {
                for (int block = 0; block < 2; block++) {
                    Controller.ProducerIdBlock ids = metadata.controller()
                            .allocateProducerIds()
                            .get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
                    assertThat(ids.size()).isPositive();
                    assertThat(ids.first() % ids.size()).isZero();
                    assertThat(firsts.add(ids.first())).isTrue();
                }
            }
        }
    }

    @Test
    void twoEnginesShareOneJvm(@TempDir Path other) throws Exception {
        try (KRaft first = start(dir);
                KRaft second = start(other)) {
            create(first, "here", 1);
            create(second, "there", 1);

            assertThat(first.image().topic("there")).isEmpty();
            assertThat(first.image().clusterId()).isNotEqualTo(second.image().clusterId());
        }
    }

    @Test
    void noThreadRunsAfterClose() throws Exception {
        KRaft metadata = Engines.start(Engines.settings(dir, Map.of("aeon.node-id", 77)));
        create(metadata, "orders", 1);
        assertThat(threadsOfNode77()).isNotEmpty();

        metadata.close();

        await().untilAsserted(() -> assertThat(threadsOfNode77()).isEmpty());
    }

    /** Other tests run their own engines at the same time. */
    private static List<String> threadsOfNode77() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("aeon-77-"))
                .toList();
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() throws Exception {
        start(dir).close();

        assertThatThrownBy(() -> Engines.start(Engines.settings(dir, Map.of("aeon.node-id", 2))))
                .hasMessageContaining("belongs to node 1, this is node 2");
    }

    @Test
    void aMetadataLogWithoutItsIdentityFilesIsRefused() throws Exception {
        start(dir).close();
        Files.delete(dir.resolve(IdentityFiles.KAFKAS));
        Files.delete(dir.resolve(IdentityFiles.OWN));

        assertThatThrownBy(() -> start(dir)).hasMessageContaining("holds a metadata log but no meta.properties");
    }

    @Test
    void listenersSeeEveryImageInOrder() throws Exception {
        List<Long> offsets = new CopyOnWriteArrayList<>();
        try (KRaft metadata = start(dir)) {
            metadata.subscribe(change -> offsets.add(change.image().offset()));
            assertThat(offsets).hasSize(1);
            create(metadata, "one", 1);
            create(metadata, "two", 1);
        }

        assertThat(offsets).hasSizeGreaterThanOrEqualTo(3).isSorted();
    }

    @Test
    void whileTheDiskRefusesMetadataOnlyMetadataChangesFail() throws Exception {
        FillableDisk disk = new FillableDisk();
        AtomicBoolean refuses = new AtomicBoolean();
        disk.fullWhile(refuses::get);
        disk.brokenWhile(refuses::get);
        CompletableFuture<Throwable> fatal = new CompletableFuture<>();
        try (KRaft metadata = KRaft.start(
                Engines.settings(dir, Map.of()),
                List.of(dir),
                MetadataEnvironment.of(disk.files()),
                Engines.faults(fatal::complete))) {
            create(metadata, "kept", 1);
            refuses.set(true);

            for (String topic : List.of("underway", "refused", "refused")) {
                assertThat(metadata.controller().createTopics(request(topic, 1)))
                        .failsWithin(PatientWaits.LIMIT)
                        .withThrowableThat()
                        .withCauseInstanceOf(KafkaStorageException.class);
            }
            assertThat(metadata.controller().allocateProducerIds())
                    .failsWithin(PatientWaits.LIMIT)
                    .withThrowableThat()
                    .withCauseInstanceOf(KafkaStorageException.class);
            assertThat(metadata.image().topic("kept")).isPresent();

            refuses.set(false);
            await().until(() -> metadata.image().topic("underway").isPresent());
            create(metadata, "refused", 1);
            assertThat(fatal).isNotDone();
        }
        try (KRaft metadata = start(dir)) {
            assertThat(metadata.image().topics().stream().map(ClusterImage.Topic::name))
                    .containsExactlyInAnyOrder("kept", "underway", "refused");
        }
    }

    @Test
    void anEngineWhoseDiskRefusesMetadataClosesAndStartsAgainLater() throws Exception {
        FillableDisk disk = new FillableDisk();
        CompletableFuture<Throwable> fatal = new CompletableFuture<>();
        try (KRaft metadata = KRaft.start(
                Engines.settings(dir, Map.of()),
                List.of(dir),
                MetadataEnvironment.of(disk.files()),
                Engines.faults(fatal::complete))) {
            create(metadata, "kept", 1);
            disk.fullWhile(() -> true);
            assertThat(metadata.controller().createTopics(request("refused", 1)))
                    .failsWithin(PatientWaits.LIMIT);
        }
        assertThat(fatal).isNotDone();
        try (KRaft metadata = start(dir)) {
            assertThat(metadata.image().topic("kept")).isPresent();
            create(metadata, "more", 1);
        }
    }

    @Test
    void theReserveIsFilledAgainSoonAfterItWasUsed() throws Exception {
        FillableDisk disk = new FillableDisk();
        Path reserve = dir.resolve("__cluster_metadata-0").resolve("reserve");
        try (KRaft metadata = KRaft.start(
                Engines.settings(dir, Map.of()),
                List.of(dir),
                MetadataEnvironment.of(disk.files()),
                Engines.faults(failure -> {}))) {
            for (String topic : List.of("first", "second")) {
                await().until(() -> Files.exists(reserve));
                disk.fullWhile(() -> Files.exists(reserve));
                create(metadata, topic, 1);
                disk.fullWhile(() -> false);
            }
        }
    }

    @Test
    void aCloseWaitsForTheWriteOfTheReserve() throws Exception {
        CompletableFuture<Void> writing = new CompletableFuture<>();
        CompletableFuture<Void> letGo = new CompletableFuture<>();
        FillableDisk disk = new FillableDisk();
        disk.fullWhile(() -> {
            if (Thread.currentThread().getName().endsWith("metadata-scheduler")) {
                writing.complete(null);
                letGo.join();
            }
            return false;
        });
        KRaft metadata = KRaft.start(
                Engines.settings(dir, Map.of()),
                List.of(dir),
                MetadataEnvironment.of(disk.files()),
                Engines.faults(failure -> {}));
        PatientWaits.done(writing);
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            metadata.close();
            closed.complete(letGo.isDone());
        });
        closer.start();
        await().until(() -> !closer.isAlive() || closer.getState() == Thread.State.TIMED_WAITING);

        letGo.complete(null);

        assertThat(closed).succeedsWithin(PatientWaits.LIMIT).isEqualTo(true);
    }

    private static KRaft start(Path dir) {
        return Engines.start(Engines.settings(dir, Map.of()));
    }

    private static CreateTopicsRequestData request(String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(60_000);
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        return request;
    }

    private static Uuid create(Metadata metadata, String name, int partitions) throws Exception {
        CreatableTopicResult result = metadata.controller()
                .createTopics(request(name, partitions))
                .get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS)
                .topics()
                .iterator()
                .next();
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        return result.topicId();
    }
}
