package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.aeon.LoggedLines;
import io.aeon.control.InjectedFault;
import io.aeon.test.AeonBroker;
import io.aeon.test.AeonBrokerBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker of the test dependency, in projects with different class paths. */
class TestDependencyIT {
    private static final List<String> NOTHING = List.of();

    @TempDir
    private static Path dir;

    private static Path jar;

    @BeforeAll
    static void writeJar() throws Exception {
        jar = TestJar.write(dir.resolve("aeon-test.jar"));
    }

    /** Code of the project. It is loaded by the project's class loader, as the face of the test dependency is. */
    public static final class StartsABroker implements Function<Map<String, Object>, Map.Entry<String, AutoCloseable>> {
        @Override
        public Map.Entry<String, AutoCloseable> apply(Map<String, Object> settings) {
            AeonBrokerBuilder builder = AeonBroker.builder();
            settings.forEach(builder::set);
            AeonBroker broker = builder.topic("orders", 3).start();
            broker.createTopic("orders", 5);
            return Map.entry(broker.bootstrapServers(), broker);
        }
    }

    /** Code of the project: the next request for the topics fails once; returns how often that happened. */
    public static final class ControlsABroker implements Supplier<Integer> {
        @Override
        public Integer get() {
            try (AeonBroker broker = AeonBroker.builder().start();
                    InjectedFault fault = broker.control()
                            .requests("CreateTopics")
                            .topic("orders")
                            .times(1)
                            .fail("TOPIC_ALREADY_EXISTS")) {
                broker.createTopic("orders", 1);
                return fault.hits();
            }
        }
    }

    /** Code of the project: a broker whose only topic has a name that is not allowed. */
    public static final class AsksForAWrongTopic implements Runnable {
        @Override
        public void run() {
            AeonBroker.builder().topic("a b", 1).start();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map.Entry<String, AutoCloseable> start(Project project, Map<String, Object> settings)
            throws ReflectiveOperationException {
        Function<Map<String, Object>, Map.Entry<String, AutoCloseable>> code =
                project.create(StartsABroker.class, Function.class);
        return code.apply(settings);
    }

    @Test
    void aProjectWithoutAnyLibraryHasABroker() throws Exception {
        try (Project project = new Project(jar, NOTHING)) {
            var started = start(project, Map.of("aeon.kafka.compression.type", "zstd"));
            try (AutoCloseable broker = started.getValue()) {
                assertThat(broker).isNotInstanceOf(AeonBroker.class);
                Clients clients = new Clients(started.getKey());
                clients.send("orders", List.of("a", "b"), Map.of("enable.idempotence", true));
                assertThat(Clients.values(clients.read("orders", 0, 2))).containsExactly("a", "b");
                try (var admin = clients.admin()) {
                    var topic = done(admin.describeTopics(List.of("orders")).allTopicNames())
                            .get("orders");
                    assertThat(topic.partitions()).hasSize(3);
                }
            }
        }
    }

    @Test
    void aProjectControlsItsBroker() throws Exception {
        try (Project project = new Project(jar, NOTHING)) {
            assertThat(project.create(ControlsABroker.class, Supplier.class).get())
                    .isEqualTo(1);
        }
    }

    @Test
    void logLinesReachTheProjectsLogger() throws Exception {
        try (LoggedLines log = LoggedLines.of("io.aeon.network.Listeners");
                Project project = new Project(jar, List.of("org.slf4j."))) {
            var started = start(project, Map.of());
            started.getValue().close();

            assertThat(log.events())
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.contains(" is bound to " + started.getKey()));
        }
    }

    @Test
    void aWrongSettingAndAFailedStartAreExceptionsOfTheJdk() throws Exception {
        try (Project project = new Project(jar, NOTHING);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(project, Map.of("aeon.nonsense", 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("aeon.nonsense");
            assertThatThrownBy(() -> start(project, Map.of("aeon.listeners.client.port", taken.getLocalPort())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot bind 127.0.0.1:" + taken.getLocalPort());
            Runnable wrongTopic = project.create(AsksForAWrongTopic.class, Runnable.class);
            assertThatThrownBy(wrongTopic::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the topic a b is refused: ");
        }
    }
}
