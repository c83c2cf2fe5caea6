package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.broker.disk.BreakableFiles;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.BrokerOnDisk;
import io.aeon.embedded.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with two data directories, one of which can be missing or fail. */
class DataDirectoriesIT {
    private static final int PARTITIONS = 6;

    private final BreakableFiles disk = new BreakableFiles();
    private Aeon broker;
    private Path first;
    private Path second;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() {
        first = dir.resolve("first");
        second = dir.resolve("second");
        disk.breakOnly(second);
        broker = BrokerOnDisk.start(first, second, disk);
        clients().create("orders", PARTITIONS, Map.of());
        IntStream.range(0, PARTITIONS).forEach(this::send);
    }

    @AfterEach
    void stop() {
        disk.letGo();
        broker.close();
    }

    private Clients clients() {
        return new Clients(broker);
    }

    private void restart() {
        broker.close();
        broker = BrokerOnDisk.start(first, second, disk);
    }

    @Test
    void newPartitionsAreSharedOutAndStayThroughARestart() throws IOException {
        assertThat(partitionsIn(first)).hasSize(PARTITIONS / 2);
        assertThat(partitionsIn(second)).hasSize(PARTITIONS / 2);
        assertThat(described(second).replicaInfos()).hasSize(PARTITIONS / 2);

        Set<Integer> inSecond = partitionsIn(second);
        restart();

        assertThat(partitionsIn(second)).isEqualTo(inSecond);
        assertThat(described(second).replicaInfos().keySet().stream().map(TopicPartition::partition))
                .containsExactlyInAnyOrderElementsOf(inSecond);
        IntStream.range(0, PARTITIONS)
                .forEach(partition -> assertThat(read(partition)).isEqualTo("value"));
    }

    @Test
    void withoutADirectoryOnlyItsPartitionsAreOfflineAndNoneIsCreatedAnew() throws IOException {
        Set<Integer> lost = partitionsIn(second);
        Set<Integer> kept = partitionsIn(first);
        broker.close();
        Path away = Files.move(second, dir.resolve("away"));
        broker = BrokerOnDisk.start(first, second, disk);

        kept.forEach(partition -> assertThat(read(partition)).isEqualTo("value"));
        kept.forEach(this::send);
        try (Admin admin = clients().admin()) {
            assertThat(done(admin.describeTopics(List.of("orders")).allTopicNames()).get("orders").partitions().stream()
                            .filter(partition -> partition.leader() == null)
                            .map(partition -> partition.partition()))
                    .containsExactlyInAnyOrderElementsOf(lost);
        }
        assertThat(partitionsIn(second)).isEmpty();

        broker.close();
        Files.move(second, dir.resolve("stand-in"));
        Files.move(away, second);
        broker = BrokerOnDisk.start(first, second, disk);
        IntStream.range(0, PARTITIONS)
                .forEach(partition -> assertThat(read(partition)).isEqualTo("value"));
    }

    @Test
    void aDirectoryThatCannotBeUsedAtTheStartIsDescribedWithItsError() throws IOException {
        Set<Integer> kept = partitionsIn(first);
        broker.close();
        Files.move(second, dir.resolve("away"));
        Files.createFile(second);
        broker = BrokerOnDisk.start(first, second, disk);

        kept.forEach(this::send);
        assertThat(described(second).error()).isInstanceOf(KafkaStorageException.class);
        assertThat(described(first).error()).isNull();
        clients().create("later", 2, Map.of());
        assertThat(clients().send("later", List.of("value"), Map.of()).offset()).isZero();
    }

    @Test
    void aDirectoryThatFailsWhileTheBrokerRunsTakesOnlyItsPartitionsWithIt() throws IOException {
        Set<Integer> failing = partitionsIn(second);
        Set<Integer> others = partitionsIn(first);
        disk.failWrite(true);

        failing.forEach(partition ->
                assertThatThrownBy(() -> send(partition)).hasRootCauseInstanceOf(KafkaStorageException.class));
        others.forEach(this::send);
        await().until(() -> described(second).error() instanceof KafkaStorageException);
        clients().create("later", 2, Map.of());
        clients().send("later", List.of("value"), Map.of());
        assertThat(described(first).error()).isNull();

        disk.failWrite(false);
        await().until(() -> described(second).error() == null);
        failing.forEach(partition -> await().until(() -> isTaken(partition)));
    }

    @Test
    void aDirectoryThatHangsHoldsUpOnlyItsPartitions() throws IOException {
        Set<Integer> others = partitionsIn(first);
        int hanging = partitionsIn(second).iterator().next();
        disk.hang();
        try (var producer = clients().producer(Map.of())) {
            var held = producer.send(new ProducerRecord<>("orders", hanging, null, "late"));
            for (int round = 0; round < 5; round++) {
                others.forEach(this::send);
            }
            assertThat(held).isNotDone();
            disk.letGo();
            assertThat(held).succeedsWithin(Clients.PATIENCE);
        }
    }

    @Test
    void aPartitionThatWasMovedByHandIsFound() throws IOException {
        int moved = partitionsIn(first).iterator().next();
        broker.close();
        Files.move(first.resolve("orders-" + moved), second.resolve("orders-" + moved));
        broker = BrokerOnDisk.start(first, second, disk);

        assertThat(read(moved)).isEqualTo("value");
        assertThat(described(second).replicaInfos()).containsKey(new TopicPartition("orders", moved));
        restart();
        assertThat(read(moved)).isEqualTo("value");
        assertThat(partitionsIn(first)).doesNotContain(moved);
    }

    @Test
    void filesThatAnInterruptedMoveHasLeftAreSetAside() throws IOException {
        int moved = partitionsIn(second).iterator().next();
        broker.close();
        Path left = Files.createDirectory(first.resolve("orders-" + moved));
        try (Stream<Path> files = Files.list(second.resolve("orders-" + moved))) {
            for (Path file : files.toList()) {
                Files.copy(file, left.resolve(file.getFileName()));
            }
        }
        broker = BrokerOnDisk.start(first, second, disk);

        assertThat(read(moved)).isEqualTo("value");
        assertThat(described(second).replicaInfos()).containsKey(new TopicPartition("orders", moved));
        await().until(() -> Files.isDirectory(first.resolve("orders-" + moved + ".stray.1")));
        assertThat(left).doesNotExist();
    }

    @Test
    void aDirectoryOfAnotherClusterEndsTheStart() {
        broker.close();
        Path other = dir.resolve("other");
        Aeon.builder().dataDirectory(other).start().close();

        assertThatThrownBy(() -> BrokerOnDisk.start(other, second, disk))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(second + " belongs to cluster");
        assertThatThrownBy(() -> BrokerOnDisk.start(second, first, disk))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("aeon.data-dir has to name");
        assertThatThrownBy(() -> BrokerOnDisk.start(first, other, disk))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("metadata log");
    }

    @Test
    void theSameDirectoryByAnotherNameEndsTheStart() throws IOException {
        broker.close();
        Path link = Files.createSymbolicLink(dir.resolve("link"), first);

        assertThatThrownBy(() -> BrokerOnDisk.start(first, link, disk))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("are the same");
    }

    private void send(int partition) {
        try (var producer = clients().producer(Map.of("retries", 0, "enable.idempotence", false))) {
            producer.send(new ProducerRecord<>("orders", partition, null, "value"))
                    .get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean isTaken(int partition) {
        try {
            send(partition);
            return true;
        } catch (AssertionError refused) {
            return false;
        }
    }

    private String read(int partition) {
        try (var consumer = clients().consumer(Map.of())) {
            consumer.assign(List.of(new TopicPartition("orders", partition)));
            return Clients.poll(consumer, 1).get(0).value();
        }
    }

    private LogDirDescription described(Path directory) {
        try (Admin admin = clients().admin()) {
            return done(admin.describeLogDirs(List.of(1)).allDescriptions())
                    .get(1)
                    .get(directory.toString());
        }
    }

    /** The partitions of the topic with files in {@code directory}. */
    private static Set<Integer> partitionsIn(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("orders-\\d+"))
                    .map(name -> Integer.parseInt(name.substring(name.indexOf('-') + 1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
