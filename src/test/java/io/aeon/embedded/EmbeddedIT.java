package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.SettingsException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The lifecycle of a broker inside this JVM. Isolated, because it counts the JVM's threads. */
@Isolated
class EmbeddedIT {
    /** Threads of the JDK and of the test library, created at first use and never stopped. */
    private static final Pattern NOT_OURS = Pattern.compile(
            "CompletableFutureDelayScheduler|Common-Cleaner|Cleaner-.*|process reaper.*|awaitility.*|ForkJoinPool-.*");

    @Test
    void aClosedBrokerLeavesNoThreadNoFileAndNoMapping(@TempDir Path dir) {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();

        useOnce(dir.resolve("data"));

        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

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
    void aStartThatFailsLeavesNothingOpen(@TempDir Path dir) throws IOException {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Aeon.builder()
                            .dataDirectory(dir.resolve("data"))
                            .set("aeon.listeners.client.port", taken.getLocalPort())
                            .start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("listener client cannot bind 127.0.0.1:" + taken.getLocalPort());
            assertThat(dir.resolve("data")).doesNotExist();
        }
        assertThatThrownBy(() -> Aeon.builder().set("aeon.nonsense", 1).start()).isInstanceOf(SettingsException.class);

        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

    /** An interrupt at the last step can find the broker started; the step after it is no longer part of the start. */
    @Test
    void aStartThatIsInterruptedAtAnyStepLeavesNothingOpen(@TempDir Path dir) throws Exception {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();
        Path data = dir.resolve("data");
        for (int step = 0; isInterrupted(data, step); step++) {
            assertThat(step).as("steps").isLessThan(20);
            try (Aeon next = Aeon.builder().dataDirectory(data).start()) {
                assertThat(next.port()).isPositive();
            }
        }

        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

    private static boolean isInterrupted(Path data, int step) throws Exception {
        CompletableFuture<Aeon> started = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            OpenParts parts = new InterruptingParts(Thread.currentThread(), step);
            try {
                started.complete(Aeon.builder().dataDirectory(data).start(parts));
            } catch (RuntimeException e) {
                started.completeExceptionally(e);
            }
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        boolean cut = interrupted.get(1, TimeUnit.MINUTES);
        if (started.isCompletedExceptionally()) {
            assertThat(started)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(StartException.class)
                    .withMessage("the start was interrupted");
        } else {
            started.join().close();
        }
        return cut;
    }

    /** Interrupts the thread that waits for the start, at one of the start's steps; 0 is before the first step. */
    private static final class InterruptingParts extends OpenParts {
        private final Thread caller;
        private int left;

        private InterruptingParts(Thread caller, int step) {
            this.caller = caller;
            this.left = step;
            tick();
        }

        @Override
        <T extends AutoCloseable> T opened(String name, T part) {
            tick();
            return super.opened(name, part);
        }

        @Override
        <T extends AutoCloseable> T openedGround(String name, T part) {
            tick();
            return super.openedGround(name, part);
        }

        private void tick() {
            if (left-- == 0) {
                caller.interrupt();
            }
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
        for (String exit : List.of("return", "exit")) {
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
                assertThat(program.waitFor(1, TimeUnit.MINUTES)).as(exit).isTrue();
                assertThat(program.exitValue()).as(exit).isZero();
                assertThat(dir).as(exit).isDirectoryNotContaining("glob:**/aeon-*");
            } finally {
                program.destroyForcibly();
            }
        }
    }

    /** A program that starts a broker and does not close it. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] arguments) throws Exception {
            create(Aeon.builder().start(), "topic");
            if (arguments[0].equals("exit")) {
                System.exit(0);
            }
        }
    }

    @Test
    void aSecondCloseHasNoEffect() {
        Aeon broker = Aeon.builder().start();
        broker.close();
        broker.close();

        assertThat(broker.whenStopped().toCompletableFuture()).isCompleted();
    }

    private static void useOnce(Path dir) {
        try (Aeon broker = Aeon.builder().dataDirectory(dir).start()) {
            create(broker, "topic");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void create(Aeon broker, String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static Set<String> topics(Aeon broker) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listTopics().names().get();
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !NOT_OURS.matcher(thread.getName()).matches())
                .collect(Collectors.toSet());
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

    /** Descriptors and mappings of this process on files below {@code dir}; none where there is no /proc. */
    private static List<String> openUnder(Path dir) {
        try {
            Path self = Path.of("/proc/self");
            if (!Files.exists(self)) {
                return List.of();
            }
            try (Stream<Path> descriptors = Files.list(self.resolve("fd"));
                    Stream<String> mappings = Files.lines(self.resolve("maps"))) {
                return Stream.concat(descriptors.map(EmbeddedIT::target), mappings)
                        .filter(line -> line.contains(dir.toString()))
                        .toList();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
