package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.broker.disk.BreakableFiles;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.BrokerOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitions that move between the data directories of a broker that serves them. */
class ReplicaMovesIT {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final TopicPartitionReplica REPLICA = new TopicPartitionReplica("orders", 0, 1);

    private final BreakableFiles disk = new BreakableFiles();
    private Aeon broker;
    private Admin admin;
    private Path first;
    private Path second;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() {
        first = dir.resolve("first");
        second = dir.resolve("second");
        disk.breakOnly(second);
        begin();
        clients().create("orders", 1, Map.of("segment.bytes", "1048576"));
    }

    private void begin() {
        broker = BrokerOnDisk.start(first, second, disk);
        admin = clients().admin();
    }

    @AfterEach
    void stop() {
        disk.letGo();
        admin.close();
        broker.close();
    }

    private void restart() {
        admin.close();
        broker.close();
        begin();
    }

    private Clients clients() {
        return new Clients(broker);
    }

    @Test
    void aPartitionMovesWithAllRecordsWhileItIsWritten() throws Exception {
        List<String> sent = new ArrayList<>();
        try (var producer = clients().producer(Map.of("acks", "all"))) {
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String value = i + "x".repeat(1_000);
                sent.add(value);
                answers.add(producer.send(new ProducerRecord<>("orders", 0, null, value)));
                if (i == 1_000) {
                    answers.get(i).get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    moveTo(second);
                }
            }
            int more = sent.size();
            while (!isIn(second)) {
                String value = "while it moves " + more++;
                sent.add(value);
                answers.add(producer.send(new ProducerRecord<>("orders", 0, null, value)));
                answers.get(answers.size() - 1).get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get().offset()).isEqualTo(i);
            }
        }

        assertThat(Clients.values(clients().read("orders", 0, sent.size()))).isEqualTo(sent);
        assertThat(second.resolve("orders-0")).isDirectory();
        await().until(() -> !Files.exists(first.resolve("orders-0")));
        restart();
        await().until(() -> isIn(second));
        assertThat(Clients.values(clients().read("orders", 0, sent.size()))).isEqualTo(sent);
        assertThat(clients().send("orders", List.of("next"), Map.of()).offset()).isEqualTo(sent.size());
    }

    @Test
    void aPartitionMovesThereAndBack() {
        clients().send("orders", values(100), Map.of());
        for (int round = 0; round < 3; round++) {
            moveAndWait(second);
            moveAndWait(first);
        }

        assertThat(Clients.values(clients().read("orders", 0, 100))).isEqualTo(values(100));
        assertThat(second.resolve("orders-0")).doesNotExist();
    }

    @Test
    void aPartitionWithoutRecordsIsThereAtOnce() {
        moveTo(second);
        assertThat(isIn(second)).isTrue();

        clients().send("orders", List.of("value"), Map.of());
        assertThat(second.resolve("orders-0")).isDirectory();
        assertThat(first.resolve("orders-0")).doesNotExist();
    }

    @Test
    void deletedRecordsStayDeleted() {
        clients().send("orders", values(100), Map.of("batch.size", 0));
        done(admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(60)))
                .all());

        moveAndWait(second);

        assertThat(done(admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliest()))
                                .all())
                        .get(PARTITION)
                        .offset())
                .isEqualTo(60);
        assertThat(Clients.values(clients().read("orders", 60, 40)))
                .isEqualTo(values(100).subList(60, 100));
    }

    @Test
    void anOpenTransactionMovesToo() {
        Map<String, Object> transactional = Map.of("transactional.id", "moving");
        try (var producer = clients().producer(transactional)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", 0, null, "before"));
            producer.flush();
            moveAndWait(second);
            producer.send(new ProducerRecord<>("orders", 0, null, "after"));
            producer.commitTransaction();
        }

        try (var consumer = clients().consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(PARTITION));
            assertThat(Clients.values(Clients.poll(consumer, 2))).containsExactly("before", "after");
        }
    }

    @Test
    void aMoveIsDescribedAndCanBeTakenBack() {
        clients().send("orders", values(100), Map.of());
        disk.hangIn("force");
        moveTo(second);
        await().until(() -> String.valueOf(info().getFutureReplicaLogDir()).equals(second.toString()));
        assertThat(info().getCurrentReplicaLogDir()).isEqualTo(first.toString());

        moveTo(first);
        assertThat(info().getFutureReplicaLogDir()).isNull();
        disk.letGo();
        clients().send("orders", List.of("more"), Map.of());
        assertThat(isIn(first)).isTrue();
        await().until(() -> entries(second).stream().noneMatch(name -> name.startsWith("orders")));
    }

    @Test
    void aMoveToADiskThatFailsLeavesThePartitionWhereItIs() {
        clients().send("orders", values(100), Map.of());
        disk.failWrite(true);
        moveTo(second);
        await().until(() -> info().getFutureReplicaLogDir() == null);

        assertThat(clients().send("orders", List.of("more"), Map.of()).offset()).isEqualTo(100);
        assertThat(isIn(first)).isTrue();
        disk.failWrite(false);
        moveAndWait(second);
        assertThat(Clients.values(clients().read("orders", 0, 101)))
                .startsWith(values(100).toArray(String[]::new));
    }

    @Test
    void aMoveThatAStopInterruptsGoesOnAfterTheStart() {
        clients().send("orders", values(100), Map.of());
        disk.hangIn("force");
        moveTo(second);
        await().until(disk::holds);
        disk.letGo();
        restart();

        await().until(() -> isIn(second));
        assertThat(Clients.values(clients().read("orders", 0, 100))).isEqualTo(values(100));
    }

    @Test
    void anUnknownDirectoryIsRefused() {
        assertThatThrownBy(() -> admin.alterReplicaLogDirs(Map.of(REPLICA, "/nowhere"))
                        .all()
                        .get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LogDirNotFoundException.class);
    }

    private void moveAndWait(Path target) {
        moveTo(target);
        await().until(() -> isIn(target));
    }

    private void moveTo(Path target) {
        done(admin.alterReplicaLogDirs(Map.of(REPLICA, target.toString())).all());
    }

    private boolean isIn(Path directory) {
        return directory.toString().equals(info().getCurrentReplicaLogDir()) && info().getFutureReplicaLogDir() == null;
    }

    private ReplicaLogDirInfo info() {
        return done(admin.describeReplicaLogDirs(List.of(REPLICA)).all()).get(REPLICA);
    }

    private static List<String> values(int count) {
        return IntStream.range(0, count).mapToObj(i -> "value " + i).toList();
    }

    private static List<String> entries(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
