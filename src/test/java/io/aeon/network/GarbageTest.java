package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.aeon.LoggedLines;
import io.aeon.PatientWaits;
import io.aeon.api.ApiTable;
import io.aeon.api.Reply;
import io.aeon.config.NetworkSettings;
import io.aeon.protocol.FrameLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a client sends, its connection gets replies or ends with one line in the log, and releases everything. */
@Timeout(120)
class GarbageTest {
    @RegisterExtension
    static final Streams streams = new Streams();

    /** Makes each test's connections, hence their lines in the log, its own. */
    private static final AtomicInteger ports = new AtomicInteger(10_000);

    private final ByteBudget budget = new ByteBudget(128 << 20);
    private final ConnectionBlueprint blueprint = new ConnectionBlueprint(
            everyApi(),
            new FrameLimits(1 << 20),
            budget,
            new ReadAhead(32 << 20),
            new ByteBudget(32 << 20),
            new NetworkSettings(128 << 20, Duration.ofSeconds(30), Duration.ofSeconds(5), 8),
            Runnable::run,
            Runnable::run);
    private final int port = ports.incrementAndGet();
    private final LoggedLines log = LoggedLines.of("io.aeon.network");

    @AfterEach
    void nothingIsKept() {
        log.close();
        await().until(() -> budget.used() == 0);
    }

    @Test
    void everyKeyWithEveryVersionAndAnEmptyBody() throws Exception {
        for (short key = -1; key <= 100; key++) {
            int latest = ApiKeys.hasId(key) ? ApiKeys.forId(key).latestVersion() : 0;
            for (int version = -1; version <= latest + 2; version++) {
                int before = lines().size();

                List<ByteString> replies = send(RawClient.frame(key, version, (short) 1, 1, ByteBuffer.allocate(0)));

                assertThat(lines().size() - before)
                        .describedAs("log lines for key %d version %d", key, version)
                        .isEqualTo(replies.isEmpty() ? 1 : 0);
            }
        }
        assertThat(lines()).allSatisfy(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage()).contains("127.0.0.1");
        });
    }

    @Test
    void randomBytes() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            if (i % 2 == 0 && bytes.length > 8) {
                ByteBuffer.wrap(bytes)
                        .putInt(bytes.length - 4)
                        .putShort((short) random.nextInt(95))
                        .putShort((short) random.nextInt(10));
            }
            assertThat(send(bytes)).describedAs("seed %d", seed).isNotNull();
        }
        assertThat(lines()).describedAs("seed %d", seed).allMatch(line -> line.getThrowableProxy() == null);
    }

    @Test
    void everyRequestCutOffAnywhere() throws Exception {
        for (ApiKeys api : ApiKeys.brokerApis()) {
            byte[] whole = RawClient.frame(api, api.latestVersion(), 1, api.messageType.newRequest());
            for (int length = 0; length < whole.length; length += 3) {
                assertThat(send(Arrays.copyOf(whole, length))).isEmpty();
            }
        }
        assertThat(lines()).isEmpty();
    }

    private List<ILoggingEvent> lines() {
        return log.events().stream()
                .filter(line -> line.getFormattedMessage().contains("127.0.0.1:" + port))
                .toList();
    }

    private List<ByteString> send(byte[] bytes) throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletionStage<List<ByteString>> replies = Source.single(ByteString.fromArray(bytes))
                .via(blueprint.serve(Streams.connection(port, () -> ended.complete(null))))
                .runWith(Sink.seq(), streams.system());
        List<ByteString> received = PatientWaits.done(replies.toCompletableFuture());
        PatientWaits.done(ended);
        return received;
    }

    private static ApiTable everyApi() {
        return FakeApi.table(ApiKeys.brokerApis().stream()
                .filter(api -> api != ApiKeys.API_VERSIONS && api.inScope(ListenerType.BROKER))
                .map(api -> FakeApi.replying(api, Reply.of(api.messageType.newResponse())))
                .toArray(FakeApi[]::new));
    }
}
