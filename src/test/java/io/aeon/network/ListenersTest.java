package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.aeon.LoggedLines;
import io.aeon.PatientWaits;
import io.aeon.api.ApiTable;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.config.SettingsSources;
import io.aeon.threads.PooledActorSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ListenersTest {
    private static final ActorTestKit akka = ActorTestKit.create(
            PooledActorSystem.start(Behaviors.empty(), "listeners", akkaSettings(), SettingsSources.loader()));

    private @Nullable Listeners listeners;

    @AfterAll
    static void stopAkka() {
        akka.shutdownTestKit();
    }

    @AfterEach
    void close() {
        if (listeners != null) {
            listeners.close().toCompletableFuture().join();
        }
    }

    @Test
    void aKnownRequestIsAnswered() throws IOException {
        try (RawClient client = connect(FakeApi.table(heartbeat()), Map.of())) {
            client.send(ApiKeys.HEARTBEAT, 4, 7, new HeartbeatRequestData());

            ByteBuffer reply = client.reply();
            assertThat(reply.getInt()).isEqualTo(7);
        }
    }

    @Test
    void anUnknownApiVersionsVersionIsAnsweredInVersionZero() throws IOException {
        try (RawClient client = connect(FakeApi.table(heartbeat()), Map.of())) {
            client.send(RawClient.frame(ApiKeys.API_VERSIONS.id, 99, (short) 2, 3, ByteBuffer.allocate(40)));

            ByteBuffer reply = client.reply();
            assertThat(reply.getInt()).isEqualTo(3);
            ApiVersionsResponseData versions = new ApiVersionsResponseData(new ByteBufferAccessor(reply), (short) 0);
            assertThat(versions.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(versions.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
                    .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());
            client.send(ApiKeys.API_VERSIONS, 0, 4, new ApiVersionsRequestData());
            assertThat(client.reply().getInt()).isEqualTo(4);
        }
    }

    @Test
    void anUnknownRequestClosesItsConnectionAfterTheRepliesBeforeIt() throws IOException {
        try (RawClient client = connect(FakeApi.table(heartbeat()), Map.of())) {
            client.send(ApiKeys.HEARTBEAT, 4, 1, new HeartbeatRequestData());
            client.send(RawClient.frame((short) 99, 0, (short) 1, 2, ByteBuffer.allocate(0)));

            assertThat(client.reply().getInt()).isEqualTo(1);
            client.awaitClosed();
        }
    }

    @Test
    void aClosedClientIsDetectedWhileItsRequestWaitsForOthers() throws IOException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        FakeApi waiting = new FakeApi(ApiKeys.FETCH, (request, context) -> {
            context.connection().onEnd(() -> over.complete(null));
            asked.countDown();
            return new CompletableFuture<>();
        });
        try (RawClient client = connect(FakeApi.table(waiting), Map.of())) {
            client.send(ApiKeys.FETCH, 12, 5, new FetchRequestData());
            asked.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }

        assertThat(over).succeedsWithin(PatientWaits.LIMIT);
    }

    @Test
    void aHalfClosedClientGetsItsReplies() throws IOException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        FakeApi slow = new FakeApi(ApiKeys.HEARTBEAT, (request, context) -> {
            asked.countDown();
            return reply;
        });
        try (RawClient client = connect(FakeApi.table(slow), Map.of())) {
            client.send(ApiKeys.HEARTBEAT, 4, 5, new HeartbeatRequestData());
            client.socket().shutdownOutput();
            asked.await();
            reply.complete(Reply.of(new HeartbeatResponseData()));

            assertThat(client.reply().getInt()).isEqualTo(5);
            client.awaitClosed();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anIncompleteRequestEndsItsConnection() throws IOException {
        try (RawClient client = connect(FakeApi.table(heartbeat()), Map.of("aeon.network.frame-timeout", "200ms"))) {
            client.send(new byte[] {0, 0, 0, 50, 0, 12, 0});

            client.awaitClosed();
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        try (RawClient client =
                connect(FakeApi.table(heartbeat()), Map.of("aeon.kafka.connections.max.idle.ms", 200))) {
            client.awaitClosed();
        }
    }

    @Test
    void aHalfClosedClientThatDoesNotReadIsCutShort() throws IOException {
        FakeApi large = FakeApi.replying(
                ApiKeys.DESCRIBE_CLUSTER,
                Reply.of(new DescribeClusterResponseData().setErrorMessage("e".repeat(30_000))));
        byte[] requests = frames(1000, ApiKeys.DESCRIBE_CLUSTER, 2, new DescribeClusterRequestData());
        try (RawClient client = connect(FakeApi.table(large), Map.of("aeon.kafka.connections.max.idle.ms", 3_000))) {
            client.send(requests);
            client.socket().shutdownOutput();

            await().until(() -> listeners.connections().get("client") == 0);

            assertThatThrownBy(() -> {
                        while (client.reply() != null) {}
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefusedUntilOneCloses() throws IOException {
        InetSocketAddress address = bind(FakeApi.table(heartbeat()), Map.of("aeon.kafka.max.connections.per.ip", 2));
        RawClient first = answered(address);
        RawClient second = answered(address);
        try (RawClient third = new RawClient(address)) {
            third.awaitClosed();
        }
        second.close();

        await().until(() -> {
            try {
                answered(address).close();
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
        first.close();
    }

    @Test
    void aChangedLimitCountsForTheNextConnection() throws IOException {
        AtomicReference<KafkaSettings> current =
                new AtomicReference<>(new KafkaSettings(Map.of("max.connections", "1")));
        listeners = Listeners.bind(
                        akka.system(),
                        Settings.with(Map.of()),
                        current::get,
                        ListenersTest::enough,
                        FakeApi.table(heartbeat()),
                        any -> true,
                        Runnable::run)
                .toCompletableFuture()
                .join();
        InetSocketAddress address = listeners.addresses().get("client");
        try (RawClient first = answered(address);
                RawClient refused = new RawClient(address)) {
            refused.awaitClosed();

            current.set(new KafkaSettings(Map.of()));

            answered(address).close();
            first.send(ApiKeys.HEARTBEAT, 4, 6, new HeartbeatRequestData());
            assertThat(first.reply().getInt()).isEqualTo(6);
        }
    }

    @Test
    void aFailureOfALimitRefusesOneConnectionAndNotTheNext() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        InetSocketAddress address = bind(FakeApi.table(heartbeat()), Map.of(), () -> {
            if (asked.getAndIncrement() < 5) {
                throw new IllegalStateException("no limit is known");
            }
            return enough();
        });
        for (int i = 0; i < 5; i++) {
            try (RawClient refused = new RawClient(address)) {
                refused.awaitClosed();
            }
        }

        answered(address).close();
    }

    @Test
    void connectionsWithoutADescriptorAreRefusedUntilThereIsOne() throws IOException {
        AtomicInteger descriptors = new AtomicInteger(1);
        InetSocketAddress address = bind(FakeApi.table(heartbeat()), Map.of(), descriptors::get);
        RawClient first = answered(address);
        try (RawClient second = new RawClient(address)) {
            second.awaitClosed();
        }

        descriptors.set(2);
        answered(address).close();
        first.close();
    }

    /**
     * As many connections as the broker has threads send 2,000 requests each, and hold a thread at the first one until
     * a new client has connected, and at the 500th until it is served.
     */
    @Test
    void aNewConnectionIsServedBeforeConnectionsThatSendWithoutAPauseAreAnswered() throws IOException {
        int pipelines = Runtime.getRuntime().availableProcessors() + 1;
        CountDownLatch started = new CountDownLatch(pipelines);
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(1);
        Map<ClientConnection, AtomicInteger> handled = new ConcurrentHashMap<>();
        FakeApi heartbeat = new FakeApi(ApiKeys.HEARTBEAT, (request, context) -> {
            int number = handled.computeIfAbsent(context.connection(), c -> new AtomicInteger())
                    .incrementAndGet();
            if (number == 1) {
                started.countDown();
                reached(connected);
            } else if (number == 500) {
                reached(served);
            }
            return CompletableFuture.completedFuture(Reply.of(new HeartbeatResponseData()));
        });
        FakeApi fetch = new FakeApi(ApiKeys.FETCH, (request, context) -> {
            served.countDown();
            return CompletableFuture.completedFuture(Reply.of(new FetchResponseData()));
        });
        InetSocketAddress address = bind(FakeApi.table(heartbeat, fetch), Map.of());
        List<RawClient> flood = new ArrayList<>();
        for (int i = 0; i < pipelines; i++) {
            RawClient client = new RawClient(address);
            client.send(heartbeats(2000));
            flood.add(client);
        }
        reached(started);
        try (RawClient client = new RawClient(address)) {
            client.send(ApiKeys.FETCH, 12, 7, new FetchRequestData());
            connected.countDown();

            assertThat(client.reply().getInt()).isEqualTo(7);
        }
        for (RawClient client : flood) {
            for (int i = 0; i < 2000; i++) {
                assertThat(client.reply().getInt()).isEqualTo(i);
            }
            client.close();
        }
    }

    @Test
    void repliesUnderWayAreSentBeforeAStop() throws Exception {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        FakeApi slow = new FakeApi(ApiKeys.HEARTBEAT, (request, context) -> {
            asked.countDown();
            return reply;
        });
        try (RawClient client = connect(FakeApi.table(slow), Map.of("aeon.network.drain-timeout", "1h"))) {
            client.send(ApiKeys.HEARTBEAT, 4, 5, new HeartbeatRequestData());
            asked.await();
            CompletableFuture<Void> closed = listeners.close().toCompletableFuture();
            assertThat(closed).isNotDone();
            reply.complete(Reply.of(new HeartbeatResponseData()));

            assertThat(client.reply().getInt()).isEqualTo(5);
            client.awaitClosed();
            closed.join();
        }
    }

    @Test
    void aReplyThatWaitsForOtherClientsDoesNotHoldUpAStop() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        FakeApi longPoll = new FakeApi(ApiKeys.FETCH, (request, context) -> {
            asked.complete(null);
            return new CompletableFuture<>();
        });
        try (RawClient client = connect(FakeApi.table(longPoll), Map.of("aeon.network.drain-timeout", "1h"))) {
            client.send(ApiKeys.FETCH, 12, 5, new FetchRequestData());
            asked.join();

            listeners.close().toCompletableFuture().join();

            client.awaitClosed();
        }
    }

    /** The failure of a produce request with acks=0 to a topic that does not exist. */
    @Test
    void whatAClientDidWrongIsOneLineWithoutAStackTrace() throws IOException {
        String topic = UUID.randomUUID().toString();
        FakeApi silent = new FakeApi(
                ApiKeys.PRODUCE,
                (request, context) -> CompletableFuture.failedFuture(
                        new UnknownTopicOrPartitionException("produce with acks=0 to " + topic + "\n")));
        try (LoggedLines log = LoggedLines.of("io.aeon.network")) {
            InetSocketAddress address = bind(FakeApi.table(silent), Map.of());
            for (int i = 0; i < 10; i++) {
                try (RawClient client = new RawClient(address)) {
                    client.send(ApiKeys.PRODUCE, 11, 1, new ProduceRequestData().setAcks((short) 0));
                    client.awaitClosed();
                }
            }

            assertThat(log.events())
                    .filteredOn(event -> event.getFormattedMessage().contains(topic))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.getLevel()).isEqualTo(Level.INFO);
                        assertThat(event.getThrowableProxy()).isNull();
                        assertThat(event.getFormattedMessage()).endsWith("produce with acks=0 to " + topic + "\\u000a");
                    });
        }
    }

    @Test
    void aHandlerThatNeverAnswersDoesNotHoldUpAStop() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        FakeApi never = new FakeApi(ApiKeys.HEARTBEAT, (request, context) -> {
            asked.complete(null);
            return new CompletableFuture<>();
        });
        try (RawClient client = connect(FakeApi.table(never), Map.of("aeon.network.drain-timeout", "100ms"))) {
            client.send(ApiKeys.HEARTBEAT, 4, 5, new HeartbeatRequestData());
            asked.join();
            client.send(new byte[] {0, 0, 0, 50, 0, 12, 0});

            listeners.close().toCompletableFuture().join();

            client.awaitClosed();
        }
    }

    @Test
    void afterAnAbortNoConnectionIsServed() throws IOException {
        InetSocketAddress address = bind(FakeApi.table(heartbeat()), Map.of());

        listeners.abort();

        try (RawClient late = new RawClient(address)) {
            late.awaitClosed();
        }
    }

    @Test
    void anOutOfMemoryErrorOfARequestEndsTheActorsAndNotTheJvm() throws IOException {
        ActorSystem<Void> actors =
                PooledActorSystem.start(Behaviors.empty(), "without-heap", akkaSettings(), SettingsSources.loader());
        FakeApi failing = new FakeApi(
                ApiKeys.HEARTBEAT,
                (request, context) -> CompletableFuture.failedFuture(new OutOfMemoryError("thrown by the test")));
        Listeners bound = PatientWaits.done(bind(actors, Settings.with(Map.of()), FakeApi.table(failing)));

        try (RawClient client = new RawClient(bound.addresses().get("client"))) {
            client.send(ApiKeys.HEARTBEAT, 4, 5, new HeartbeatRequestData());
            PatientWaits.done(actors.getWhenTerminated().toCompletableFuture());
        } finally {
            actors.terminate();
        }
    }

    @Test
    void anAddressInUseStopsTheStart() {
        InetSocketAddress taken = bind(FakeApi.table(), Map.of());

        assertThatThrownBy(() -> bind(
                                akka.system(),
                                Settings.with(Map.of("aeon.listeners.client.port", taken.getPort())),
                                FakeApi.table())
                        .join())
                .hasRootCauseInstanceOf(java.net.BindException.class)
                .cause()
                .hasMessageContaining("127.0.0.1:" + taken.getPort());
    }

    @Test
    void aHostThatCannotBeResolvedIsNamed() {
        assertThatThrownBy(() -> bind(
                                akka.system(),
                                Settings.with(Map.of("aeon.listeners.client.host", "no.such.host.invalid")),
                                FakeApi.table())
                        .join())
                .cause()
                .hasMessage(
                        "listener client cannot bind no.such.host.invalid:0: the host no.such.host.invalid cannot be"
                                + " resolved to an address; correct aeon.listeners.client.host");
    }

    private static Config akkaSettings() {
        return ConfigFactory.load().getConfig("aeon").withFallback(ConfigFactory.load());
    }

    private static byte[] heartbeats(int count) {
        return frames(count, ApiKeys.HEARTBEAT, 4, new HeartbeatRequestData());
    }

    private static byte[] frames(int count, ApiKeys api, int version, ApiMessage request) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(RawClient.frame(api, version, i, request));
        }
        return all.toByteArray();
    }

    private static void reached(CountDownLatch latch) {
        try {
            assertThat(latch.await(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int enough() {
        return Integer.MAX_VALUE;
    }

    private static FakeApi heartbeat() {
        return FakeApi.replying(ApiKeys.HEARTBEAT, Reply.of(new HeartbeatResponseData()));
    }

    private static RawClient answered(InetSocketAddress address) throws IOException {
        RawClient client = new RawClient(address);
        client.send(ApiKeys.HEARTBEAT, 4, 5, new HeartbeatRequestData());
        client.reply();
        return client;
    }

    private RawClient connect(ApiTable apis, Map<String, Object> settings) throws IOException {
        return new RawClient(bind(apis, settings));
    }

    private InetSocketAddress bind(ApiTable apis, Map<String, Object> settings) {
        return bind(apis, settings, ListenersTest::enough);
    }

    private InetSocketAddress bind(ApiTable apis, Map<String, Object> settings, IntSupplier descriptors) {
        listeners =
                bind(akka.system(), Settings.with(settings), descriptors, apis).join();
        return listeners.addresses().get("client");
    }

    private static CompletableFuture<Listeners> bind(ActorSystem<?> actors, AeonSettings settings, ApiTable apis) {
        return bind(actors, settings, ListenersTest::enough, apis);
    }

    private static CompletableFuture<Listeners> bind(
            ActorSystem<?> actors, AeonSettings settings, IntSupplier descriptors, ApiTable apis) {
        return Listeners.bind(actors, settings, settings::kafka, descriptors, apis, any -> true, Runnable::run)
                .toCompletableFuture();
    }
}
