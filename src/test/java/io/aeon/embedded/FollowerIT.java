package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.e2e.WireClient;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker follows; the test is the leader and speaks Kafka's protocol. */
class FollowerIT {
    private static final String TOPIC = "orders";
    private static final short VERSION = 18;
    private static final int EPOCH = 0;
    private static final int NO_EPOCH = -1;
    private static final Map<String, Integer> SETTINGS = Map.of("aeon.kafka.replica.fetch.backoff.ms", 10);

    @TempDir
    private Path dir;

    private final PlayedLeader leader = new PlayedLeader();
    private PairedBroker follower;
    private Uuid topic;

    @BeforeEach
    void follow() throws InterruptedException, ExecutionException, TimeoutException {
        follower = PairedBroker.start(dir, leader.port(), SETTINGS);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + follower.port()))) {
            NewTopic led = new NewTopic(TOPIC, Map.of(0, List.of(PairedBroker.OTHER, PairedBroker.SELF)));
            topic = admin.createTopics(List.of(led))
                    .topicId(TOPIC)
                    .get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @AfterEach
    void stop() {
        leader.close();
        follower.close();
    }

    @Test
    void aFollowerHasWhatItsLeaderSendsAndTellsHowFarItIs() {
        FetchRequestData first = leader.asked(FetchRequestData.class);
        assertThat(first.replicaState().replicaId()).isEqualTo(PairedBroker.SELF);
        assertThat(first.replicaState().replicaEpoch()).isNotNegative();
        asksFrom(first, 0, NO_EPOCH);

        leader.answer(fetched(data(0).setRecords(records(0, "a", "b", "c"))));
        asksFrom(leader.asked(FetchRequestData.class), 3, EPOCH);
        leader.answer(fetched(data(3)));
        asksFrom(leader.asked(FetchRequestData.class), 3, EPOCH);

        try (WireClient client = new WireClient("localhost", follower.port(), 60_000)) {
            await().until(() -> read(client).highWatermark() == 3);
            assertThat(((MemoryRecords) read(client).records()).records())
                    .extracting(record -> Utils.utf8(record.value()))
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void aFollowerRemovesWhatItsLeaderDoesNotHave() {
        leader.asked(FetchRequestData.class);
        leader.answer(fetched(data(1).setRecords(records(0, "a"))));
        leader.asked(FetchRequestData.class);
        leader.answer(fetched(data(1).setRecords(records(1, "b"))));
        asksFrom(leader.asked(FetchRequestData.class), 2, EPOCH);

        PartitionData diverging = data(1);
        diverging.divergingEpoch().setEpoch(EPOCH).setEndOffset(1);
        leader.answer(fetched(diverging));

        asksFrom(leader.asked(FetchRequestData.class), 1, EPOCH);
    }

    @Test
    void aFollowerThatIsTooFarBehindBeginsAnew() {
        leader.asked(FetchRequestData.class);
        leader.answer(fetched(data(-1).setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code())));
        leader.asked(ListOffsetsRequestData.class);
        leader.answer(offset(50));
        leader.asked(ListOffsetsRequestData.class);
        leader.answer(offset(40));

        FetchRequestData anew = leader.asked(FetchRequestData.class);
        asksFrom(anew, 40, NO_EPOCH);
        assertThat(anew.topics().get(0).partitions().get(0).logStartOffset()).isEqualTo(40);
    }

    @Test
    void aFollowerWhoseLogIsDamagedCopiesItAgain() throws IOException {
        leader.asked(FetchRequestData.class);
        leader.answer(fetched(data(2).setRecords(records(0, "a", "b"))));
        asksFrom(leader.asked(FetchRequestData.class), 2, EPOCH);
        follower.close();
        leader.answer(fetched(data(2)));
        Path segment = dir.resolve(TOPIC + "-0").resolve("00000000000000000000.log");
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }

        follower = PairedBroker.startAgain(dir, SETTINGS);

        asksFrom(leader.asked(FetchRequestData.class), 0, NO_EPOCH);
        leader.answer(fetched(data(2).setRecords(records(0, "a", "b"))));
        asksFrom(leader.asked(FetchRequestData.class), 2, EPOCH);
        assertThat(dir).as("the damaged files are kept").isDirectoryContaining("glob:**/" + TOPIC + "-0?*");
    }

    @Test
    void aFollowerAsksAgainAfterALostConnectionAndAfterABadBatch() throws IOException {
        leader.asked(FetchRequestData.class);
        leader.hangUp();
        leader.answer(fetched(data(0)));
        asksFrom(leader.asked(FetchRequestData.class), 0, NO_EPOCH);

        MemoryRecords damaged = records(0, "a");
        damaged.buffer().put(damaged.buffer().limit() - 2, (byte) 'z');
        leader.answer(fetched(data(0).setRecords(damaged)));
        asksFrom(leader.asked(FetchRequestData.class), 0, NO_EPOCH);
    }

    private void asksFrom(FetchRequestData request, long offset, int lastEpoch) {
        assertThat(request.topics()).singleElement().satisfies(asked -> {
            assertThat(asked.topicId()).isEqualTo(topic);
            FetchPartition partition = asked.partitions().get(0);
            assertThat(partition.fetchOffset()).isEqualTo(offset);
            assertThat(partition.lastFetchedEpoch()).isEqualTo(lastEpoch);
            assertThat(partition.currentLeaderEpoch()).isEqualTo(EPOCH);
        });
    }

    private FetchResponseData fetched(PartitionData partition) {
        return new FetchResponseData()
                .setResponses(
                        List.of(new FetchableTopicResponse().setTopicId(topic).setPartitions(List.of(partition))));
    }

    private static PartitionData data(long highWatermark) {
        return new PartitionData()
                .setPartitionIndex(0)
                .setHighWatermark(highWatermark)
                .setLastStableOffset(highWatermark)
                .setLogStartOffset(0)
                .setRecords(MemoryRecords.EMPTY);
    }

    private static ListOffsetsResponseData offset(long offset) {
        ListOffsetsPartitionResponse partition =
                new ListOffsetsPartitionResponse().setPartitionIndex(0).setOffset(offset);
        return new ListOffsetsResponseData()
                .setTopics(List.of(new ListOffsetsTopicResponse().setName(TOPIC).setPartitions(List.of(partition))));
    }

    private static MemoryRecords records(long offset, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(1_700_000_000_000L, Utils.utf8(values[i]));
        }
        return MemoryRecords.withRecords(offset, Compression.NONE, EPOCH, records);
    }

    /** Reads as a consumer. */
    private PartitionData read(WireClient client) {
        FetchPartition partition =
                new FetchPartition().setPartition(0).setFetchOffset(0).setPartitionMaxBytes(1 << 20);
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopicId(topic).setPartitions(List.of(partition))));
        return client.call(ApiKeys.FETCH, VERSION, request, FetchResponseData.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }
}
