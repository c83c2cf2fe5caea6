package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.e2e.RestartPorts;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle of a broker inside this JVM. */
class EmbeddedIT {
    @Test
    void severalBrokersRunSideBySide() throws Exception {
        try (Aeon one = Aeon.builder().start();
                Aeon other = Aeon.builder().start()) {
            assertThat(one.port()).isNotEqualTo(other.port());
            create(one, "of-one");
            create(other, "of-the-other");
            assertThat(topics(one)).containsExactly("of-one");
            assertThat(topics(other)).containsExactly("of-the-other");
        }
    }

    @Test
    void aBrokerRemovesItsTemporaryDirectory() throws Exception {
        Aeon broker = Aeon.builder().start();
        create(broker, "topic");
        Path directory = dataDirectory(broker);
        assertThat(directory)
                .isNotEmptyDirectory()
                .startsWith(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());

        broker.close();

        assertThat(directory).doesNotExist();
    }

    @Test
    void aDirectoryServesOneBrokerAtATime(@TempDir Path dir) {
        try (Aeon first = Aeon.builder().dataDirectory(dir).start()) {
            assertThatThrownBy(() -> Aeon.builder().dataDirectory(dir).start())
                    .isInstanceOf(StartException.class)
                    .hasMessage("the data directory " + dir
                            + " is in use by another broker; stop that one, or take another directory"
                            + " (aeon.data-dir)");
            assertThat(first.whenStopped().toCompletableFuture()).isNotDone();
        }
        try (Aeon next = Aeon.builder().dataDirectory(dir).start()) {
            assertThat(next.port()).isPositive();
        }
    }

    @Test
    void consumersThatWaitForRecordsOrForEachOtherDoNotHoldUpAStop(@TempDir Path dir) throws Exception {
        Aeon broker = Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.network.drain-timeout", "1h")
                .start();
        create(broker, "topic");
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> members = new ArrayList<>();
        List<CompletableFuture<Void>> joined = new ArrayList<>();
        for (int member = 0; member < 3; member++) {
            CompletableFuture<Void> assigned = new CompletableFuture<>();
            joined.add(assigned);
            members.add(CompletableFuture.runAsync(
                    () -> consume(broker, over, assigned), runnable -> new Thread(runnable).start()));
        }
        CompletableFuture.anyOf(joined.toArray(CompletableFuture<?>[]::new)).get(1, TimeUnit.MINUTES);

        broker.close();

        over.set(true);
        for (CompletableFuture<Void> member : members) {
            member.get(1, TimeUnit.MINUTES);
        }
    }

    private static void consume(Aeon broker, AtomicBoolean over, CompletableFuture<Void> assigned) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "group.id",
                "group",
                "fetch.max.wait.ms",
                3_600_000,
                "request.timeout.ms",
                7_200_000,
                "default.api.timeout.ms",
                1000);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("topic"));
            while (!over.get()) {
                consumer.poll(Duration.ofMillis(50));
                if (!consumer.assignment().isEmpty()) {
                    assigned.complete(null);
                }
            }
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Test
    void aProgramEndsWithoutClosingItsBrokerAndTheTemporaryDirectoryIsGone(@TempDir Path dir) throws Exception {
        for (String exit : List.of(
                "return",
                "exit",
                "own hook",
                "exit while it starts",
                "cluster returns",
                "cluster exits",
                "cluster exits while it starts")) {
            Process program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Djava.io.tmpdir=" + dir,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Forgetful.class.getName(),
                            exit)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            try {
                assertThat(program.waitFor(5, TimeUnit.MINUTES)).as(exit).isTrue();
                assertThat(program.exitValue()).as(exit).isZero();
                assertThat(dir).as(exit).isDirectoryNotContaining("glob:**/aeon-*");
            } finally {
                program.destroyForcibly();
            }
        }
    }

    /** A program that starts a broker or a cluster and does not close it. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] arguments) throws Exception {
            if (arguments[0].equals("own hook")) {
                Aeon owned = Aeon.builder().withoutExitHook().start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(owned)));
                System.exit(1);
            }
            if (arguments[0].endsWith("starts")) {
                exitDuring(arguments[0].startsWith("cluster"));
            }
            if (arguments[0].startsWith("cluster")) {
                create(Aeon.cluster(1).start().node(1), "topic");
            } else {
                create(Aeon.builder().start(), "topic");
            }
            if (arguments[0].contains("exit")) {
                System.exit(0);
            }
        }

        /** The broker waits for a cluster that is not there; of the embedded cluster the second node starts. */
        private static void exitDuring(boolean ofCluster) throws IOException {
            Runnable start = ofCluster
                    ? () -> Aeon.cluster(2).start()
                    : () -> Aeon.builder()
                            .withoutExitHook()
                            .set("aeon.join", "127.0.0.1:1")
                            .start();
            new Thread(start).start();
            while (!hasCreated(ofCluster ? "2" : ".lock")) {
                Thread.onSpinWait();
            }
            System.exit(0);
        }

        private static boolean hasCreated(String name) throws IOException {
            Path parent = Path.of(System.getProperty("java.io.tmpdir"));
            try (DirectoryStream<Path> temporary = Files.newDirectoryStream(parent, "aeon-*")) {
                for (Path each : temporary) {
                    if (Files.exists(each.resolve(name))) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** The last work of a program needs its broker. Ends with code 0 if the broker has served until then. */
        private static void end(Aeon broker) {
            try {
                create(broker, "topic");
                broker.close();
                Runtime.getRuntime().halt(0);
            } catch (ExecutionException | InterruptedException e) {
                Runtime.getRuntime().halt(2);
            }
        }
    }

    /** Of a setting that is given twice, also by its own path and within its block, the later value counts. */
    @Test
    void blocksOfSettingsAreGivenAsMaps() throws Exception {
        int port = RestartPorts.next();
        try (Aeon broker = Aeon.builder()
                .set("aeon.kafka", Map.of("num.partitions", 3))
                .set("aeon.listeners.client", Map.of("port", 9))
                .set("aeon.listeners.client.port", port)
                .set("aeon.console", Map.of("port", 0))
                .set("aeon.log", Map.of("flush", "sync"))
                .start()) {
            assertThat(broker.console()).isPresent();
            assertThat(broker.port()).isEqualTo(port);
            assertThat(ofBroker(broker, "num.partitions")).isEqualTo("3");
            assertThat(ofBroker(broker, "group.initial.rebalance.delay.ms")).isEqualTo("0");
            broker.control().kill();
            broker.control().restart();
            assertThat(ofBroker(broker, "num.partitions")).isEqualTo("3");
        }
    }

    @Test
    void everyListenerKeepsItsPortWhateverItsNameInTheSettings() {
        try (Aeon broker = Aeon.builder()
                .set("aeon.kafka.listeners", "PLAINTEXT://127.0.0.1:0,INTERNAL://127.0.0.1:0")
                .start()) {
            Map<String, Object> ports = broker.ports();
            assertThat(ports).hasSize(2);

            broker.control().kill();
            broker.control().restart();

            assertThat(broker.ports()).isEqualTo(ports);
        }
    }

    @Test
    void aBrokerServesWithTheLongestTimesThatKafkaAccepts() throws Exception {
        AeonBuilder builder = Aeon.builder().set("aeon.kafka.connections.max.idle.ms", -1);
        for (String longest : List.of(
                "offsets.retention.check.interval.ms",
                "log.retention.check.interval.ms",
                "log.cleaner.backoff.ms",
                "replica.high.watermark.checkpoint.interval.ms",
                "replica.lag.time.max.ms",
                "leader.imbalance.check.interval.seconds",
                "unclean.leader.election.interval.ms")) {
            builder.set("aeon.kafka." + longest, Long.MAX_VALUE);
        }
        try (Aeon broker = builder.start()) {
            create(broker, "topic");
            assertThat(topics(broker)).containsExactly("topic");
            assertThat(ofBroker(broker, "log.retention.check.interval.ms")).isEqualTo("" + Long.MAX_VALUE);
            assertThat(broker.whenStopped().toCompletableFuture()).isNotDone();
        }
    }

    private static String ofBroker(Aeon broker, String setting) throws ExecutionException, InterruptedException {
        ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, "1");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeConfigs(List.of(self))
                    .all()
                    .get()
                    .get(self)
                    .get(setting)
                    .value();
        }
    }

    @Test
    void aSecondCloseHasNoEffect() {
        Aeon broker = Aeon.builder().start();
        broker.close();
        broker.close();

        assertThat(broker.whenStopped().toCompletableFuture()).isCompleted();
    }

    static void create(Aeon broker, String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static Set<String> topics(Aeon broker) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listTopics().names().get();
        }
    }

    private static Path dataDirectory(Aeon broker) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return Path.of(admin.describeLogDirs(List.of(1))
                    .allDescriptions()
                    .get()
                    .get(1)
                    .keySet()
                    .iterator()
                    .next());
        }
    }
}
