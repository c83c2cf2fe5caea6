package io.aeon.api.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.Calls;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.ClientQuotas;
import io.aeon.api.quotas.ClientQuotas.Kind;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.api.topics.CreateTopicsHandler;
import io.aeon.api.topics.PartitionLimit;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.Timer;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.topic.TopicSettingsCache;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import io.aeon.protocol.Bombs;
import io.aeon.storage.log.AppendResult;
import io.aeon.threads.FairExecutor;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceHandlerTest {
    private static final short VERSION = 9;
    private static final short ALL = -1;
    private static final SimpleRecord RECORD = new SimpleRecord("v".getBytes(StandardCharsets.UTF_8));

    @TempDir
    Path dir;

    private final List<Append> appends = new ArrayList<>();
    private final List<Runnable> deadlines = new ArrayList<>();
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final ClientConnection connection =
            new ClientConnection("client", new InetSocketAddress(0), new InetSocketAddress(0));
    private final BrokerCounters counters = new BrokerCounters();
    private KRaft metadata;
    private ProduceHandler handler;

    @BeforeEach
    void start() throws Exception {
        metadata = Engines.start(Engines.settings(dir, Map.of()));
        create("orders", 2);
        create("__consumer_offsets", 1);
        handler = new ProduceHandler(
                metadata,
                new BrokerServices(
                        this::tell,
                        null,
                        null,
                        null,
                        null,
                        new TopicSettingsCache(1, metadata.topicConfigs()::of),
                        counters,
                        Runnable::run,
                        Runnable::run,
                        new FairExecutor(turns::add, 1),
                        this::after),
                Clock.systemUTC(),
                new ClientQuotas(Kind.PRODUCE, 11, 1, System::nanoTime));
    }

    private void create(String name, int partitions) throws Exception {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(60_000);
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        Calls.call(
                new CreateTopicsHandler(
                        metadata.controller(),
                        new PartitionLimit(1 << 30, 1, metadata::image, System::nanoTime),
                        new MutationQuotas(11, 1, Clock.systemUTC())),
                request,
                CreateTopicsResponseData.class);
    }

    @AfterEach
    void stop() {
        metadata.close();
    }

    @Test
    void theTimeoutDoesNotBoundTheWaitForTheLeader() {
        CompletableFuture<Reply> reply = produce(request((short) 1, "orders").setTimeoutMs(0));
        assertThat(reply).isNotDone();
        assertThat(deadlines).isEmpty();

        appends.get(0).reply().complete(new AppendResult(7, 7, 0));

        assertThat(only(reply).baseOffset()).isEqualTo(7);
    }

    @Test
    void theTimeoutBoundsTheWaitForAllReplicas() {
        CompletableFuture<Reply> reply = produce(request(ALL, "orders").setTimeoutMs(100));
        assertThat(reply).isNotDone();

        deadlines.remove(0).run();
        appends.get(0).reply().complete(new AppendResult(7, 7, 0));

        assertThat(error(reply)).isEqualTo(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void aLongBatchTakesItsTurnAndLaterBatchesOfTheConnectionWaitForIt() {
        produce(request((short) 1, "orders", Bombs.batch(CompressionType.ZSTD, 1, 2 << 20)));
        produce(request((short) 1, "orders"));
        assertThat(appends).isEmpty();

        turns.remove().run();
        assertThat(appends).hasSize(1);
        turns.remove().run();

        assertThat(appends).hasSize(2);
        assertThat(appends.get(0).batches().remaining())
                .isGreaterThan(appends.get(1).batches().remaining());
        produce(request((short) 1, "orders"));
        assertThat(turns).isEmpty();
        assertThat(appends).hasSize(3);
    }

    @Test
    void aTimeoutAnswersOnlyWhileTheBatchesThatAreNotAppendedYetTakeLittleMemory() {
        long most = Runtime.getRuntime().maxMemory() / 16;
        MemoryRecords batch = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[900_000]));
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (long sent = 0; sent <= most; sent += batch.sizeInBytes()) {
            replies.add(produce(request(ALL, "orders", batch.buffer().duplicate())));
        }

        List.copyOf(deadlines).forEach(Runnable::run);
        CompletableFuture<Reply> last = replies.get(replies.size() - 1);
        assertThat(last).isNotDone();
        assertThat(replies.subList(0, replies.size() - 1))
                .allSatisfy(reply -> assertThat(error(reply)).isEqualTo(Errors.REQUEST_TIMED_OUT));

        appends.forEach(append -> append.reply().complete(new AppendResult(7, 7, 0)));
        assertThat(error(last)).isEqualTo(Errors.NONE);
        CompletableFuture<Reply> next = produce(request(ALL, "orders", batch.buffer()));
        deadlines.get(deadlines.size() - 1).run();
        assertThat(error(next)).isEqualTo(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void aLongBatchThatIsRefusedIsAnswered() {
        CompletableFuture<Reply> reply =
                produce(request((short) 1, "orders", Bombs.batch(CompressionType.ZSTD, 2, 140 << 20)));

        turns.remove().run();

        assertThat(error(reply)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void aLongBatchOfAClientThatIsGoneIsDroppedUnlessNobodyWaitsForItsAnswer() {
        ByteBuffer bomb = Bombs.batch(CompressionType.ZSTD, 1, 2 << 20);
        CompletableFuture<Reply> awaited = produce(request((short) 1, "orders", bomb));
        produce(request((short) 0, "orders", bomb.duplicate()));
        connection.ended();

        turns.remove().run();
        assertThat(awaited).isDone();
        assertThat(appends).isEmpty();
        turns.remove().run();

        assertThat(appends).hasSize(1);
    }

    @Test
    void aReplyInTimeCancelsTheDeadline() {
        CompletableFuture<Reply> reply = produce(request(ALL, "orders").setTimeoutMs(100));

        appends.get(0).reply().complete(new AppendResult(7, 7, 0));

        assertThat(error(reply)).isEqualTo(Errors.NONE);
        assertThat(deadlines).isEmpty();
    }

    @Test
    void withAcksZeroThereIsNoReplyAndAnErrorEndsTheConnection() {
        CompletableFuture<Reply> good = produce(request((short) 0, "orders"));
        appends.get(0).reply().complete(new AppendResult(7, 7, 0));

        assertThat(good).isCompletedWithValue(Reply.NONE);
        assertThat(produce(request((short) 0, "nowhere")))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aRefusedPartitionDoesNotStopTheOthers() {
        ProduceRequestData request = request((short) 1, "orders");
        request.topicData().add(topic("nowhere", records(0)));
        request.topicData()
                .find("orders", Uuid.ZERO_UUID)
                .setPartitionData(List.of(records(0), records(2), records(1)));

        CompletableFuture<Reply> reply = produce(request);
        appends.forEach(append -> append.reply().complete(new AppendResult(7, 7, 0)));

        assertThat(appends).hasSize(2);
        assertThat(errors(reply))
                .containsExactly(
                        Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void clientsMayNotWriteInternalTopics() {
        assertThat(error(produce(request((short) 1, "__consumer_offsets")))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(appends).isEmpty();
    }

    @Test
    void aTransactionsRecordsNeedATransactionalId() {
        ProduceRequestData request = request((short) 1, "orders");
        request.topicData()
                .iterator()
                .next()
                .setPartitionData(List.of(new PartitionProduceData()
                        .setRecords(
                                MemoryRecords.withTransactionalRecords(Compression.NONE, 5, (short) 0, 0, RECORD))));

        assertThat(error(produce(request))).isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assertThat(appends).isEmpty();
    }

    private CompletableFuture<Reply> produce(ProduceRequestData request) {
        return handler.handle(request, new RequestContext(VERSION, 1, "client", connection))
                .toCompletableFuture();
    }

    private static ProduceRequestData request(short acks, String topic) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(topic(topic, records(0)));
        return new ProduceRequestData().setAcks(acks).setTimeoutMs(1000).setTopicData(topics);
    }

    private static ProduceRequestData request(short acks, String topic, ByteBuffer batch) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(topic(topic, new PartitionProduceData().setRecords(MemoryRecords.readableRecords(batch))));
        return new ProduceRequestData().setAcks(acks).setTimeoutMs(1000).setTopicData(topics);
    }

    private static TopicProduceData topic(String name, PartitionProduceData data) {
        return new TopicProduceData().setName(name).setPartitionData(List.of(data));
    }

    private static PartitionProduceData records(int partition) {
        return new PartitionProduceData()
                .setIndex(partition)
                .setRecords(MemoryRecords.withRecords(Compression.NONE, RECORD));
    }

    private static List<PartitionProduceResponse> partitions(CompletableFuture<Reply> reply) {
        assertThat(reply).isCompleted();
        return ((ProduceResponseData) ((Reply.Message) reply.join()).body())
                .responses().stream()
                        .flatMap(topic -> topic.partitionResponses().stream())
                        .toList();
    }

    private static PartitionProduceResponse only(CompletableFuture<Reply> reply) {
        assertThat(partitions(reply)).hasSize(1);
        return partitions(reply).get(0);
    }

    private static Errors error(CompletableFuture<Reply> reply) {
        return Errors.forCode(only(reply).errorCode());
    }

    private static List<Errors> errors(CompletableFuture<Reply> reply) {
        return partitions(reply).stream()
                .map(partition -> Errors.forCode(partition.errorCode()))
                .toList();
    }

    private void tell(TopicPartition partition, PartitionCommand command) {
        appends.add((Append) command);
    }

    private Timer.Cancellation after(Duration delay, Runnable task) {
        deadlines.add(task);
        return () -> deadlines.remove(task);
    }
}
