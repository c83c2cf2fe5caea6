package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.aeon.test.AeonBroker;
import io.aeon.test.junit.AeonExtension;
import io.aeon.test.junit.AeonTest;
import io.aeon.test.junit.BootstrapServers;
import io.aeon.test.junit.BrokerScope;
import io.aeon.test.junit.OwnTopic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The JUnit extension, in runs of their own: the tests of the nested classes report the address of their broker. */
class AeonExtensionIT {
    private static final String BROKER = "broker";

    /** Has JUnit, kafka-clients and slf4j. */
    private static Project project;

    @BeforeAll
    static void createProject(@TempDir Path dir) throws Exception {
        project = new Project(
                TestJar.write(dir.resolve("aeon-test.jar")),
                List.of("org.junit.", "org.apache.kafka.", "org.slf4j.", "org.assertj."));
    }

    @AfterAll
    static void closeProject() throws IOException {
        project.close();
    }

    @AeonTest(topics = "orders", partitions = 3)
    static final class Injected {
        Injected(@BootstrapServers String servers, TestReporter reporter) {
            reporter.publishEntry(BROKER, servers);
        }

        @Test
        void everyParameter(
                AeonBroker broker,
                @BootstrapServers String servers,
                @OwnTopic(partitions = 2) String own,
                Admin admin,
                Producer<String, Long> producer,
                KafkaProducer<byte[], byte[]> bytes,
                Consumer<String, Long> consumer)
                throws Exception {
            assertThat(servers).isEqualTo(broker.bootstrapServers()).endsWith(":" + broker.port());
            var topics =
                    admin.describeTopics(List.of("orders", own)).allTopicNames().get();
            assertThat(topics.get("orders").partitions()).hasSize(3);
            assertThat(topics.get(own).partitions()).hasSize(2);
            bytes.send(new ProducerRecord<>("orders", new byte[1])).get();
            producer.send(new ProducerRecord<>(own, "key", 7L)).get();
            consumer.subscribe(List.of(own));
            ConsumerRecords<String, Long> records = ConsumerRecords.empty();
            while (records.isEmpty()) {
                records = consumer.poll(Duration.ofMillis(100));
            }
            assertThat(records).extracting(record -> record.value()).containsExactly(7L);
        }

        @RepeatedTest(2)
        void eachTestHasATopicOfItsOwn(@OwnTopic String topic, TestReporter reporter) {
            reporter.publishEntry("topic", topic);
        }
    }

    @AeonTest
    static final class SharedToo {
        @Test
        void one(@BootstrapServers String servers, TestReporter reporter) {
            reporter.publishEntry(BROKER, servers);
        }
    }

    @AeonTest(settings = "aeon.kafka.num.partitions = 4")
    static final class OtherSettings {
        @Test
        void one(@BootstrapServers String servers, TestReporter reporter) {
            reporter.publishEntry(BROKER, servers);
        }
    }

    @AeonTest(scope = BrokerScope.METHOD)
    static final class OnePerMethod {
        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void one(int number, @BootstrapServers String servers, TestReporter reporter) {
            reporter.publishEntry(BROKER + number, servers);
        }
    }

    static final class OnePerClass {
        @RegisterExtension
        static final AeonExtension AEON = AeonExtension.of(BrokerScope.CLASS)
                .set("aeon.kafka.num.partitions", 5)
                .topic("orders", 6);

        @Test
        void one(AeonBroker broker, TestReporter reporter) {
            assertThat(AEON.broker()).isSameAs(broker);
            reporter.publishEntry("outer", broker.bootstrapServers());
        }

        @Nested
        class Inner {
            @Test
            void two(@BootstrapServers String servers, TestReporter reporter) {
                reporter.publishEntry("inner", servers);
            }
        }
    }

    @AeonTest
    static final class InConstructor {
        private static final Set<Producer<String, String>> EARLIER = new LinkedHashSet<>();

        private final Producer<String, String> producer;

        InConstructor(Producer<String, String> producer) {
            this.producer = producer;
        }

        @RepeatedTest(2)
        @Execution(ExecutionMode.SAME_THREAD)
        void theClientOfAnEarlierTestIsClosed() throws Exception {
            producer.send(new ProducerRecord<>("orders", "value")).get();
            assertThat(EARLIER)
                    .allSatisfy(
                            earlier -> assertThatThrownBy(() -> earlier.send(new ProducerRecord<>("orders", "value")))
                                    .isInstanceOf(IllegalStateException.class));
            assertThat(EARLIER.add(producer)).isTrue();
        }
    }

    /** Two classes that have a broker each and share an extension. */
    abstract static class Base {
        @RegisterExtension
        static final AeonExtension AEON = AeonExtension.of(BrokerScope.CLASS);

        private static final CyclicBarrier BOTH = new CyclicBarrier(2);

        @Test
        void one(TestReporter reporter) throws Exception {
            BOTH.await(1, TimeUnit.MINUTES);
            try {
                reporter.publishEntry(BROKER, AEON.broker().bootstrapServers());
            } finally {
                BOTH.await(1, TimeUnit.MINUTES);
            }
        }
    }

    static final class OfBase extends Base {}

    static final class OfBaseToo extends Base {}

    /** Its producer creates the topic, with the number of partitions that is the broker's default. */
    @AeonTest
    static final class CreatesByRecord {
        @Test
        void one(AeonBroker broker, Producer<String, String> producer, TestReporter reporter) throws Exception {
            producer.send(new ProducerRecord<>("items", "value")).get();
            reporter.publishEntry("partitions", Integer.toString(broker.partitions("items")));
        }
    }

    @AeonTest(topics = "items", partitions = 3)
    static final class ThreePartitions {
        @Test
        void one(AeonBroker broker, TestReporter reporter) {
            reporter.publishEntry("partitions", Integer.toString(broker.partitions("items")));
        }
    }

    @AeonTest
    static final class LeavesAFault {
        @Test
        void one(AeonBroker broker, TestReporter reporter) {
            broker.control().requests("Produce").fail("NOT_LEADER_OR_FOLLOWER");
            reporter.publishEntry(BROKER, broker.bootstrapServers());
        }

        @Test
        void other(AeonBroker broker, TestReporter reporter) {
            reporter.publishEntry(BROKER, broker.bootstrapServers());
        }
    }

    static final class Kills {
        @RegisterExtension
        static final AeonExtension AEON = AeonExtension.of(BrokerScope.RUN);

        @Test
        void one(AeonBroker broker, TestReporter reporter) {
            assertThat(AEON.broker()).isSameAs(broker);
            broker.control().kill();
            reporter.publishEntry(BROKER, broker.bootstrapServers());
        }
    }

    static final class Untouched {
        @RegisterExtension
        static final AeonExtension AEON = Kills.AEON;

        @Test
        void one(AeonBroker broker, Producer<String, String> producer, TestReporter reporter) throws Exception {
            assertThat(AEON.broker()).isSameAs(broker);
            producer.send(new ProducerRecord<>("orders", "value")).get();
            reporter.publishEntry("untouched", broker.bootstrapServers());
        }
    }

    @AeonTest(settings = "aeon.nonsense = 1")
    static final class Wrong {
        @Test
        void one() {}
    }

    @AeonTest
    static final class NoSuchSerializer {
        @Test
        void one(Producer<String, Thread> producer) {}
    }

    /** What the tests of a run published, and how those failed that did. */
    private record Run(Map<String, List<String>> published, Collection<Throwable> failures) {
        private List<String> brokers() {
            return published.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("topic"))
                    .flatMap(entry -> entry.getValue().stream())
                    .distinct()
                    .toList();
        }
    }

    private static Run run(boolean parallel, Class<?>... types) throws Exception {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .configurationParameter("junit.jupiter.execution.parallel.enabled", Boolean.toString(parallel))
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false");
        for (Class<?> type : types) {
            request.selectors(selectClass(project.loadClass(type.getName())));
        }
        return run(request.build());
    }

    private static Run run(LauncherDiscoveryRequest request) {
        Run run = new Run(new ConcurrentSkipListMap<>(), new ConcurrentLinkedQueue<>());
        LauncherFactory.create(LauncherConfig.builder()
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(request, new TestExecutionListener() {
                    @Override
                    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                        entry.getKeyValuePairs()
                                .forEach((key, value) ->
                                        run.published().merge(key, List.of(value), AeonExtensionIT::joined));
                    }

                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        result.getThrowable().ifPresent(run.failures()::add);
                    }
                });
        return run;
    }

    private static List<String> joined(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void classesWithTheSameSettingsShareABrokerUntilTheEndOfTheRun(boolean parallel) throws Exception {
        Run run = run(parallel, Injected.class, SharedToo.class, OtherSettings.class);

        assertThat(run.failures()).isEmpty();
        assertThat(run.brokers()).hasSize(2).allSatisfy(AeonExtensionIT::isClosed);
        assertThat(run.published().get("topic")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aClassHasTheNumberOfPartitionsThatItAsksForWhicheverClassIsFirst() throws Exception {
        Run first = run(false, CreatesByRecord.class, ThreePartitions.class);
        Run last = run(false, ThreePartitions.class, CreatesByRecord.class);

        assertThat(first.failures()).isEmpty();
        assertThat(first.published().get("partitions")).containsExactly("1", "3");
        assertThat(last.failures()).isEmpty();
        assertThat(last.published().get("partitions")).containsExactly("3", "3");
    }

    @Test
    void whatAClassDoesByTheControlHarmsNoLaterClass() throws Exception {
        Run run = run(false, LeavesAFault.class, Kills.class, Untouched.class, SharedToo.class);

        assertThat(run.failures()).isEmpty();
        List<String> brokers = run.published().get(BROKER);
        assertThat(brokers).hasSize(4);
        assertThat(brokers.get(0)).isEqualTo(brokers.get(1));
        assertThat(brokers.subList(1, 4)).doesNotHaveDuplicates();
        assertThat(run.published().get("untouched")).containsExactly(brokers.get(3));
    }

    @Test
    void eachMethodOrEachClassCanHaveABroker() throws Exception {
        Run run = run(true, OnePerMethod.class, OnePerClass.class, SharedToo.class);

        assertThat(run.failures()).isEmpty();
        assertThat(run.brokers()).hasSize(4).allSatisfy(AeonExtensionIT::isClosed);
        assertThat(run.published().get("inner")).isEqualTo(run.published().get("outer"));
    }

    @Test
    void theClientsOfAConstructorAreClosedAfterTheTest() throws Exception {
        assertThat(run(false, InConstructor.class).failures()).isEmpty();
    }

    @Test
    void anExtensionDoesNotReturnTheBrokerOfAnotherClass() throws Exception {
        Run run = run(true, OfBase.class, OfBaseToo.class);

        assertThat(run.brokers()).isEmpty();
        assertThat(run.failures())
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("several classes that share this extension run"));
    }

    @Test
    void whatCannotBeIsNamed() throws Exception {
        Run run = run(false, Wrong.class, NoSuchSerializer.class);

        assertThat(run.failures())
                .extracting(Throwable::getMessage)
                .anyMatch(message -> message.contains("aeon.nonsense"))
                .anyMatch(message -> message.contains("Kafka has no serializer of class java.lang.Thread"));
    }

    /** A test that runs at the same time may get the port for a while. */
    private static void isClosed(String servers) {
        int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
        await().untilAsserted(() -> assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class));
    }
}
