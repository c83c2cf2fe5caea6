package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The life of a broker inside this JVM. Isolated, because it counts the JVM's threads. */
@Isolated
class EmbeddedIT {
    /** The JDK's and the test library's own, made at first use and kept for ever. */
    private static final Pattern NOT_OURS =
            Pattern.compile("CompletableFutureDelayScheduler|Common-Cleaner|Cleaner-.*|process reaper.*|awaitility.*");

    @Test
    void aClosedBrokerLeavesNoThreadNoFileAndNoMapping(@TempDir Path dir) {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();

        useOnce(dir.resolve("data"));

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
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
    void aTemporaryBrokerTakesItsDirectoryAway() throws Exception {
        Set<Path> before = temporaryDirectories();
        Aeon broker = Aeon.builder().start();
        create(broker, "topic");
        assertThat(temporaryDirectories()).hasSize(before.size() + 1);

        broker.close();

        assertThat(temporaryDirectories()).isEqualTo(before);
    }

    @Test
    void aDirectoryServesOneBrokerAtATime(@TempDir Path dir) {
        try (Aeon first = Aeon.builder().dataDirectory(dir).start()) {
            assertThatThrownBy(() -> Aeon.builder().dataDirectory(dir).start())
                    .isInstanceOf(StartException.class)
                    .hasMessage("the data directory " + dir + " is in use by another broker");
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

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

    @Test
    void closingTwiceIsClosingOnce() {
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

    private static Set<Path> temporaryDirectories() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("aeon-"))
                    .collect(Collectors.toSet());
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
