package io.aeon.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.api.quotas.ClientQuotas;
import io.aeon.api.quotas.ClientQuotas.Kind;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.Timer;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.NearbyRead;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.replica.ReplicaThrottle;
import io.aeon.broker.replica.ReplicaThrottle.Side;
import io.aeon.config.KafkaSettings;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.segment.EpochEndOffset;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.replica.RackAwareReplicaSelector;
import org.junit.jupiter.api.Test;

class FetchHandlerTest {
    private static final short VERSION = 17;
    private static final Uuid TOPIC = new Uuid(3, 4);
    private static final int SELF = 1;
    private static final int PARTITIONS = 1000;
    private static final long MEMORY = 1500 * FetchMemory.PARTITION;

    private final Map<Integer, FakePartition> partitions = new HashMap<>();
    private final List<Runnable> deadlines = new ArrayList<>();
    private final IdentityHashMap<Topic, ClusterImage> images = new IdentityHashMap<>();
    private FetchHandler handler = handler(Map.of());
    private final ClientConnection connection =
            new ClientConnection("client", new InetSocketAddress(0), new InetSocketAddress(0));
    private Topic orders = orders(SELF, List.of(1));
    private Map<String, String> topicOverrides = Map.of();
    private KafkaSettings settings = new KafkaSettings(Map.of());
    private long nowMs;
    private int commands;
    private int lookUps;

    private FetchHandler handler(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("max.incremental.fetch.session.cache.slots", "2");
        return new FetchHandler(
                metadata(),
                new BrokerServices(
                        this::tell,
                        null,
                        null,
                        null,
                        null,
                        null,
                        new BrokerCounters(),
                        Runnable::run,
                        Runnable::run,
                        null,
                        this::after),
                new KafkaSettings(all),
                MEMORY,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                new ClientQuotas(Kind.FETCH, 11, 1, System::nanoTime),
                new ReplicaThrottle(Side.LEADER, metadata(), new KafkaSettings(Map.of()), () -> nowMs));
    }

    @Test
    void presentRecordsAreReturnedAtOnce() {
        partition(0).append(100);

        FetchResponseData response = answered(fetch(full(0)));

        assertThat(bytes(response)).containsExactly(100);
        assertThat(response.responses().get(0).topicId()).isEqualTo(TOPIC);
        assertThat(deadlines).isEmpty();
    }

    @Test
    void anAppendToAnEmptyPartitionWakesTheRequest() {
        CompletableFuture<Reply> waiting = fetch(full(0, 1));
        assertThat(waiting).isNotDone();

        partition(1).append(10);

        assertThat(bytes(answered(waiting))).containsExactly(0, 10);
        assertThat(deadlines).isEmpty();
    }

    @Test
    void theDeadlineEndsTheWaitWithAnEmptyReply() {
        CompletableFuture<Reply> waiting = fetch(full(0));

        deadlines.remove(0).run();

        assertThat(bytes(answered(waiting))).containsExactly(0);
    }

    @Test
    void aPartitionThatDoesNotAnswerHoldsTheOthersOnlyForAWhile() {
        partition(1).append(10);
        partition(0).append(20);
        partition(0).silent = true;
        CompletableFuture<Reply> waiting = fetch(full(0, 1));
        assertThat(waiting).isNotDone();

        nextDeadline(); // the longest wait of the client
        assertThat(waiting).isNotDone();
        nextDeadline();

        FetchResponseData response = answered(waiting);
        assertThat(errors(response)).containsExactly(Errors.KAFKA_STORAGE_ERROR, Errors.NONE);
        assertThat(bytes(response)).containsExactly(0, 10);
        assertThat(deadlines).isEmpty();
    }

    @Test
    void whatASilentPartitionAnswersLateIsClosedAndTheNextRequestGetsItsRecords() {
        partition(0).append(20);
        partition(0).silent = true;
        CompletableFuture<Reply> first = fetch(full(0).setMaxWaitMs(0));
        nextDeadline();
        assertThat(errors(answered(first))).containsExactly(Errors.KAFKA_STORAGE_ERROR);

        partition(0).speak();

        assertThat(open()).isZero();
        assertThat(bytes(answered(fetch(full(0))))).containsExactly(20);
    }

    @Test
    void afterASilentPartitionAllOthersAreAskedAtTheSameTime() {
        partition(0).append(20);
        partition(0).silent = true;
        partition(1).append(30);
        partition(2).silent = true;
        partition(3).append(40);
        partition(4).append(50);
        CompletableFuture<Reply> waiting = fetch(full(0, 1, 2, 3, 4).setMaxBytes(75));
        nextDeadline();
        nextDeadline();
        assertThat(waiting).isNotDone();

        nextDeadline();

        FetchResponseData response = answered(waiting);
        assertThat(errors(response))
                .containsExactly(
                        Errors.KAFKA_STORAGE_ERROR, Errors.NONE, Errors.KAFKA_STORAGE_ERROR, Errors.NONE, Errors.NONE);
        assertThat(bytes(response)).containsExactly(0, 30, 0, 40, 0);
        assertThat(open()).isEqualTo(2);
    }

    @Test
    void whileNoPartitionHasRecordsTwiceAsManyAreReadAtOnceEachTime() {
        IntStream.range(0, 8).forEach(index -> partition(index).silent = true);
        partition(6).append(20);
        partition(7).append(30);

        CompletableFuture<Reply> waiting = fetch(full(0, 1, 2, 3, 4, 5, 6, 7));

        assertThat(asked()).containsExactly(0);
        assertThat(asked()).containsExactly(1, 2);
        assertThat(asked()).containsExactly(3, 4, 5, 6);
        assertThat(asked()).containsExactly(7);
        assertThat(bytes(answered(waiting))).containsExactly(0, 0, 0, 0, 0, 0, 20, 30);
    }

    /** The silent partitions that are asked now; they answer. */
    private List<Integer> asked() {
        List<Integer> asked = partitions.keySet().stream()
                .filter(index -> !partition(index).unanswered.isEmpty())
                .sorted()
                .toList();
        asked.forEach(index -> partition(index).speak());
        return asked;
    }

    @Test
    void aFollowerGetsTheOtherPartitionsWhileOneDoesNotAnswer() {
        partition(0).append(20);
        partition(0).silent = true;
        partition(1).append(30);
        CompletableFuture<Reply> waiting = fetch(full(0, 1).setReplicaState(new ReplicaState().setReplicaId(2)));
        nextDeadline();
        nextDeadline();

        FetchResponseData response = answered(waiting);
        assertThat(errors(response)).containsExactly(Errors.KAFKA_STORAGE_ERROR, Errors.NONE);
        assertThat(bytes(response)).containsExactly(0, 30);
    }

    @Test
    void aLaterRoundThatLeavesAPartitionOutDoesNotAnswerWithRecordsOfAnEarlierRound() {
        int session = answered(fetch(full(0, 1).setMaxWaitMs(0))).sessionId();
        FetchRequestData next = new FetchRequestData()
                .setSessionId(session)
                .setSessionEpoch(1)
                .setMaxWaitMs(500)
                .setMinBytes(1000)
                .setMaxBytes(1000);
        partition(0).append(100);
        partition(1).append(100);
        CompletableFuture<Reply> waiting = fetch(next);
        assertThat(waiting).isNotDone();
        partition(0).append(900);
        partition(1).append(900);

        assertThat(bytes(answered(waiting))).containsExactly(1000, 0);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void aRequestWithoutASessionWaitsOnlyWhileThereIsMemoryForWhatItKeeps() {
        int[] all = IntStream.range(0, PARTITIONS).toArray();
        CompletableFuture<Reply> first = fetch(full(all).setSessionEpoch(-1));
        assertThat(first).isNotDone();

        assertThat(fetch(full(all).setSessionEpoch(-1))).isDone();
        assertThat(fetch(full(0, 1).setSessionEpoch(-1))).isNotDone();
        deadlines.remove(0).run();
        assertThat(first).isDone();

        assertThat(fetch(full(all).setSessionEpoch(-1))).isNotDone();
    }

    @Test
    void fewerBytesThanMinBytesWaitForMore() {
        partition(0).append(40);
        CompletableFuture<Reply> waiting = fetch(full(0, 1).setMinBytes(100));
        partition(1).append(50);
        assertThat(waiting).isNotDone();

        partition(0).append(20);

        assertThat(bytes(answered(waiting))).containsExactly(60, 50);
        assertThat(open()).isEqualTo(2);
    }

    @Test
    void aRequestIsWokenOnlyByTheBytesThatItMisses() {
        partition(0).append(40);
        CompletableFuture<Reply> waiting = fetch(full(0).setMinBytes(1000));
        commands = 0;

        for (int i = 0; i < 959; i++) {
            partition(0).append(1);
        }
        assertThat(commands).isZero();
        assertThat(waiting).isNotDone();
        partition(0).append(1);

        assertThat(bytes(answered(waiting))).containsExactly(1000);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void bytesOfSeveralPartitionsAreAddedUpInFewRounds() {
        CompletableFuture<Reply> waiting = fetch(full(0, 1, 2).setMinBytes(3000));
        commands = 0;

        for (int i = 0; i < 2999; i++) {
            partition(i % 3).append(1);
        }
        assertThat(waiting).isNotDone();
        partition(1).append(1);

        assertThat(bytes(answered(waiting)).stream().mapToInt(each -> each).sum())
                .isEqualTo(3000);
        assertThat(commands).isLessThan(150);
    }

    @Test
    void aPartitionThatHasReachedItsLimitDoesNotWakeTheRequest() {
        partition(0).append(500);
        FetchRequestData request = full(0).setMinBytes(501);
        request.topics().get(0).partitions().get(0).setPartitionMaxBytes(500);
        partition(0).mostBytes = 500;
        CompletableFuture<Reply> waiting = fetch(request);
        commands = 0;

        for (int i = 0; i < 1000; i++) {
            partition(0).append(1);
        }

        assertThat(commands).isLessThan(5);
        deadlines.remove(0).run();
        assertThat(bytes(answered(waiting))).containsExactly(500);
    }

    @Test
    void growthThatWokeNobodyIsReturnedAtTheDeadlineAndByTheNextRequest() {
        CompletableFuture<Reply> first = fetch(full(0, 1).setMinBytes(1000));
        partition(0).append(10);
        deadlines.remove(0).run();
        assertThat(bytes(answered(first))).containsExactly(10, 0);

        int session = answered(first).sessionId();
        FetchRequestData next = incremental(session, 1);
        next.topics().add(topic(10, 0));
        partition(1).append(20);
        assertThat(bytes(answered(fetch(next)))).containsExactly(20);
    }

    @Test
    void aLaterRequestThatNeedsFewerBytesIsWokenByThem() {
        int session = answered(fetch(full(0, 1).setMaxWaitMs(0))).sessionId();
        CompletableFuture<Reply> patient = fetch(incremental(session, 1).setMinBytes(1000));
        deadlines.remove(0).run();
        assertThat(answered(patient).responses()).isEmpty();

        CompletableFuture<Reply> waiting = fetch(incremental(session, 2));
        assertThat(waiting).isNotDone();
        partition(1).append(1);

        assertThat(bytes(answered(waiting))).containsExactly(1);
    }

    @Test
    void fewBytesAreReturnedAtTheDeadline() {
        partition(0).append(40);
        CompletableFuture<Reply> waiting = fetch(full(0).setMinBytes(100));

        deadlines.remove(0).run();

        assertThat(bytes(answered(waiting))).containsExactly(40);
    }

    @Test
    void aSessionOnIdlePartitionsCostsNothing() {
        FetchRequestData all = full(IntStream.range(0, PARTITIONS).toArray());
        CompletableFuture<Reply> first = fetch(all.setMaxWaitMs(0));
        int session = answered(first).sessionId();
        assertThat(session).isNotZero();
        commands = 0;

        for (int epoch = 1; epoch < 10; epoch++) {
            CompletableFuture<Reply> idle = fetch(incremental(session, epoch));
            deadlines.remove(0).run();
            assertThat(answered(idle).responses()).isEmpty();
        }
        assertThat(commands).isZero();

        partition(7).append(10);
        FetchResponseData response = answered(fetch(incremental(session, 10)));
        assertThat(response.responses().get(0).partitions())
                .singleElement()
                .satisfies(found -> assertThat(found.partitionIndex()).isEqualTo(7));
    }

    @Test
    void aSessionReturnsOnlyWhatIsNew() {
        partition(0).append(10);
        int session = answered(fetch(full(0, 1))).sessionId();

        FetchRequestData next = incremental(session, 1);
        next.topics().add(topic(10, 0));
        CompletableFuture<Reply> waiting = fetch(next);
        assertThat(waiting).isNotDone();
        partition(1).append(5);

        assertThat(bytes(answered(waiting))).containsExactly(5);
    }

    @Test
    void aPartitionThatWasServedComesLast() {
        partition(0).append(100);
        partition(1).append(100);
        FetchRequestData request = full(0, 1).setMaxBytes(100);
        FetchResponseData first = answered(fetch(request));
        assertThat(bytes(first)).containsExactly(100, 0);

        FetchResponseData second =
                answered(fetch(incremental(first.sessionId(), 1).setMaxBytes(100)));

        assertThat(second.responses().get(0).partitions())
                .singleElement()
                .satisfies(found -> assertThat(found.partitionIndex()).isEqualTo(1));
    }

    @Test
    void aFirstBatchLargerThanAllLimitsIsStillReturned() {
        partition(0).append(500);
        partition(1).append(500);

        FetchResponseData response = answered(fetch(full(0, 1).setMaxBytes(100)));

        assertThat(bytes(response)).containsExactly(500, 0);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void anErrorIsReturnedAtOnce() {
        partition(0).fail = new OffsetOutOfRangeException(5, 7, 9);

        FetchResponseData response = answered(fetch(full(0, 1)));

        assertThat(errors(response)).containsExactly(Errors.OFFSET_OUT_OF_RANGE, Errors.NONE);
        assertThat(response.responses().get(0).partitions().get(0).highWatermark())
                .isEqualTo(-1);
    }

    @Test
    void unknownTopicsAndPartitionsAreErrorsOfTheirOwn() {
        FetchRequestData request = full(PARTITIONS);
        request.topics().add(new FetchTopic().setTopicId(Uuid.ONE_UUID).setPartitions(List.of(asked(0, 0))));

        assertThat(errors(answered(fetch(request))))
                .containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void aBrokerReadsAsAFollower() {
        partition(0).append(10);
        FetchRequestData request = full(0);
        request.replicaState().setReplicaId(2).setReplicaEpoch(7);
        FetchPartition asked = request.topics().get(0).partitions().get(0);
        asked.setLogStartOffset(4).setCurrentLeaderEpoch(5).setLastFetchedEpoch(3);

        assertThat(bytes(answered(fetch(request)))).containsExactly(10);

        FollowerRead read = partition(0).lastFollower;
        assertThat(read.follower()).isEqualTo(new Follower(2, 7));
        assertThat(read.logStartOffset()).isEqualTo(4);
        assertThat(read.read().isolation()).isEqualTo(Isolation.LOG_END);
        assertThat(read.read().currentLeaderEpoch()).isEqualTo(5);
        assertThat(read.read().lastFetchedEpoch()).isEqualTo(3);
    }

    @Test
    void aBrokerOfAnOlderVersionReadsAsAFollowerToo() {
        FetchRequestData request = request().setSessionEpoch(-1).setReplicaId(2).setMaxWaitMs(0);
        request.topics().add(new FetchTopic().setTopic("orders").setPartitions(List.of(asked(0, 0))));

        answered(fetch(request, (short) 12));

        assertThat(partition(0).lastFollower.follower()).isEqualTo(new Follower(2, -1));
    }

    @Test
    void theLeaderIsNamedToAClientThatAsksInAnOldEpoch() {
        orders = orders(2, List.of(1, 2));
        partition(0).fail = new FencedLeaderEpochException("old");

        PartitionData refused =
                answered(fetch(full(0))).responses().get(0).partitions().get(0);

        assertThat(refused.currentLeader().leaderId()).isEqualTo(2);
        assertThat(refused.currentLeader().leaderEpoch()).isZero();
    }

    @Test
    void aConsumerReadsFromAFollowerIfItsVersionKnowsThat() {
        orders = orders(2, List.of(1, 2));
        partition(0).append(10);
        FetchRequestData request = request().setSessionEpoch(-1);
        request.topics().add(new FetchTopic().setTopic("orders").setPartitions(List.of(asked(0, 0))));

        assertThat(errors(answered(fetch(request, (short) 10)))).containsExactly(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(bytes(answered(fetch(request, (short) 11)))).containsExactly(10);
    }

    @Test
    void aConsumerIsSentToAnInSyncFollowerInItsRack() {
        handler = handler(Map.of("replica.selector.class", RackAwareReplicaSelector.class.getName()));
        orders = orders(SELF, List.of(1, 2));

        PartitionData sent =
                answered(fetch(ofRack("b"))).responses().get(0).partitions().get(0);

        assertThat(sent.preferredReadReplica()).isEqualTo(2);
        assertThat(partition(0).lastNearby).containsExactly(2);
    }

    @Test
    void otherConsumersReadFromTheLeader() {
        partition(0).append(10);
        orders = orders(SELF, List.of(1, 2));
        assertThat(bytes(answered(fetch(ofRack("b"))))).as("no selector").containsExactly(10);
        handler = handler(Map.of("replica.selector.class", RackAwareReplicaSelector.class.getName()));
        assertThat(bytes(answered(fetch(ofRack("a")))))
                .as("the leader is in the rack")
                .containsExactly(10);
        assertThat(bytes(answered(fetch(ofRack("c")))))
                .as("nobody is in the rack")
                .containsExactly(10);
        assertThat(bytes(answered(fetch(ofRack("")))))
                .as("a client without a rack")
                .containsExactly(10);
        orders = orders(SELF, List.of(1));
        assertThat(bytes(answered(fetch(ofRack("b")))))
                .as("the follower is not in sync")
                .containsExactly(10);
        orders = orders(2, List.of(1, 2));
        assertThat(bytes(answered(fetch(ofRack("b")))))
                .as("this broker follows")
                .containsExactly(10);
    }

    private static FetchRequestData ofRack(String rack) {
        return full(0).setRackId(rack);
    }

    @Test
    void aFollowerLearnsAtOnceWhatIsCommittedIfConsumersReadFromIt() {
        handler = handler(Map.of("replica.selector.class", RackAwareReplicaSelector.class.getName()));
        partition(0).append(10);
        partition(0).committed = 0;
        int session = answered(fetch(ofFollower(0))).sessionId();
        partition(0).committed = 10;

        FetchRequestData next = ofFollowerIn(session, 1);
        next.topics().add(topic(10, 0));

        assertThat(answered(fetch(next)).responses().get(0).partitions().get(0).highWatermark())
                .isEqualTo(10);
    }

    @Test
    void aFollowerThatHasAllRecordsLearnsWithALaterRequestThatTheyAreCommitted() {
        orders = orders(SELF, List.of(1, 2));
        partition(0).append(10);
        partition(0).committed = 0;
        int session = answered(fetch(ofFollower(0))).sessionId();
        FetchRequestData withAll = ofFollowerIn(session, 1);
        withAll.topics().add(topic(10, 0));
        CompletableFuture<Reply> unchanged = fetch(withAll);
        deadlines.get(deadlines.size() - 1).run();
        assertThat(answered(unchanged).responses()).isEmpty();

        partition(0).committed = 10;
        CompletableFuture<Reply> later = fetch(ofFollowerIn(session, 2));
        deadlines.get(deadlines.size() - 1).run();
        assertThat(answered(later).responses().get(0).partitions().get(0).highWatermark())
                .isEqualTo(10);

        commands = 0;
        fetch(ofFollowerIn(session, 3));
        assertThat(commands).as("it rests now").isZero();
    }

    private static FetchRequestData ofFollowerIn(int session, int epoch) {
        return incremental(session, epoch)
                .setReplicaState(new ReplicaState().setReplicaId(2).setReplicaEpoch(7));
    }

    @Test
    void aThrottledReplicaGetsNoRecordsWhileItsRateIsExceededUnlessItIsInSync() {
        settings = new KafkaSettings(Map.of("leader.replication.throttled.rate", "100"));
        topicOverrides = Map.of("leader.replication.throttled.replicas", "0:1,1:2");
        partition(0).append(500);
        partition(1).append(500);

        assertThat(bytes(answered(fetch(ofFollower(0, 1))))).containsExactly(500, 500);
        CompletableFuture<Reply> held = fetch(ofFollower(0));
        assertThat(held).isNotDone();
        assertThat(partition(0).lastFollower.read().maxBytes()).isZero();
        assertThat(bytes(answered(fetch(ofFollower(1)))))
                .as("the list does not name this broker's replica")
                .containsExactly(500);
        assertThat(bytes(answered(fetch(full(0)))))
                .as("consumers are not throttled")
                .containsExactly(500);

        orders = orders(SELF, List.of(1, 2));
        assertThat(bytes(answered(fetch(ofFollower(0))))).as("it is in sync").containsExactly(500);
        orders = orders(SELF, List.of(1));
        nowMs += 11_000;
        assertThat(bytes(answered(fetch(ofFollower(0))))).containsExactly(500);
    }

    private static FetchRequestData ofFollower(int... indexes) {
        return full(indexes).setReplicaState(new ReplicaState().setReplicaId(2).setReplicaEpoch(7));
    }

    @Test
    void aPartitionThatAFollowerIsNotInSyncForIsReadByEveryRequest() {
        FetchRequestData first = full(0, 1).setMaxWaitMs(0);
        first.replicaState().setReplicaId(2);
        int session = answered(fetch(first)).sessionId();
        orders = orders(SELF, List.of(1, 2));
        commands = 0;
        FetchRequestData inSyncNow = incremental(session, 1);
        inSyncNow.replicaState().setReplicaId(2);
        fetch(inSyncNow);
        assertThat(commands).isZero();

        orders = orders(SELF, List.of(1));
        FetchRequestData outOfSync = incremental(session, 2);
        outOfSync.replicaState().setReplicaId(2);
        fetch(outOfSync);

        assertThat(commands).isEqualTo(2);
    }

    @Test
    void aFollowersRequestCostsNothingForItsIdlePartitionsAsLongAsTheMetadataIsTheSame() {
        orders = orders(SELF, List.of(1, 2));
        int session = answered(fetch(ofFollower(0, 1).setMaxWaitMs(0))).sessionId();
        fetch(incremental(session, 1).setReplicaState(new ReplicaState().setReplicaId(2)));
        lookUps = 0;

        fetch(incremental(session, 2).setReplicaState(new ReplicaState().setReplicaId(2)));

        assertThat(lookUps).isZero();
    }

    @Test
    void aReaderWithOtherRecordsIsToldAtOnce() {
        partition(1).diverging = new EpochEndOffset(3, 8);

        FetchResponseData response = answered(fetch(full(0, 1)));

        assertThat(response.responses().get(0).partitions())
                .extracting(partition -> partition.divergingEpoch().epoch())
                .containsExactly(-1, 3);
        assertThat(response.responses()
                        .get(0)
                        .partitions()
                        .get(1)
                        .divergingEpoch()
                        .endOffset())
                .isEqualTo(8);
        CompletableFuture<Reply> again = fetch(incremental(response.sessionId(), 1));
        assertThat(answered(again).responses().get(0).partitions())
                .singleElement()
                .satisfies(partition -> assertThat(partition.partitionIndex()).isEqualTo(1));
    }

    @Test
    void oldClientsGetAStorageErrorAsAnErrorTheyKnow() {
        partition(0).fail = new StorageException("broken");
        FetchRequestData request = request().setSessionEpoch(-1);
        request.topics().add(new FetchTopic().setTopic("orders").setPartitions(List.of(asked(0, 0))));

        assertThat(errors(answered(fetch(request, (short) 5)))).containsExactly(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(errors(answered(fetch(request, (short) 6)))).containsExactly(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void sessionsAreCheckedByIdAndEpoch() {
        int session = answered(fetch(full(0).setMaxWaitMs(0))).sessionId();

        assertThat(answered(fetch(incremental(session + 1, 1))).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(answered(fetch(incremental(session, 2))).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(answered(fetch(incremental(session, 1), (short) 12)).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR.code());
    }

    @Test
    void withoutAFreeSlotAClientGetsNoSession() {
        assertThat(answered(fetch(full(0).setMaxWaitMs(0))).sessionId()).isNotZero();
        assertThat(answered(fetch(full(0).setMaxWaitMs(0))).sessionId()).isNotZero();
        assertThat(answered(fetch(full(0).setMaxWaitMs(0))).sessionId()).isZero();
    }

    @Test
    void aSessionWithoutPartitionsEnds() {
        int session = answered(fetch(full(0).setMaxWaitMs(0))).sessionId();
        FetchRequestData last = incremental(session, 1);
        last.forgottenTopicsData().add(new ForgottenTopic().setTopicId(TOPIC).setPartitions(List.of(0)));

        assertThat(answered(fetch(last)).sessionId()).isZero();
        assertThat(answered(fetch(incremental(session, 2))).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }

    @Test
    void aSessionEndsWithItsConnection() {
        int session = answered(fetch(full(0).setMaxWaitMs(0))).sessionId();

        connection.ended();

        assertThat(answered(fetch(incremental(session, 1))).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }

    @Test
    void theEndOfTheConnectionEndsTheWait() {
        CompletableFuture<Reply> withSession = fetch(full(0));
        CompletableFuture<Reply> without = fetch(full(0).setSessionEpoch(-1));
        assertThat(deadlines).hasSize(2);

        connection.ended();

        answered(withSession);
        answered(without);
        assertThat(deadlines).isEmpty();
    }

    @Test
    void nothingIsReadForAClientThatHasGone() {
        partition(0).append(40);
        CompletableFuture<Reply> waiting = fetch(full(0).setMinBytes(1000));
        partition(0).append(40);
        commands = 0;

        connection.ended();

        answered(waiting);
        assertThat(commands).isZero();
    }

    @Test
    void theNextRequestOfASessionEndsTheWaitOfTheFormerOne() {
        int session = answered(fetch(full(0).setMaxWaitMs(0))).sessionId();
        CompletableFuture<Reply> givenUp = fetch(incremental(session, 1));
        assertThat(givenUp).isNotDone();

        CompletableFuture<Reply> next = fetch(incremental(session, 2));

        assertThat(answered(givenUp).errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(next).isNotDone();
        partition(0).append(10);
        assertThat(bytes(answered(next))).containsExactly(10);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void theEndOfASessionEndsTheWaitOfItsRequest() {
        int session = answered(fetch(full(0).setMaxWaitMs(0))).sessionId();
        CompletableFuture<Reply> waiting = fetch(incremental(session, 1));

        fetch(full(1).setSessionId(session));

        assertThat(answered(waiting).responses()).isEmpty();
    }

    private CompletableFuture<Reply> fetch(FetchRequestData request) {
        return fetch(request, VERSION);
    }

    private CompletableFuture<Reply> fetch(FetchRequestData request, short version) {
        return handler.handle(request, new RequestContext(version, 1, "", connection))
                .toCompletableFuture();
    }

    private static FetchRequestData full(int... indexes) {
        FetchRequestData request = request().setSessionEpoch(0);
        request.topics().add(topic(0, indexes));
        return request;
    }

    private static FetchRequestData incremental(int session, int epoch) {
        return request().setSessionId(session).setSessionEpoch(epoch);
    }

    private static FetchRequestData request() {
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setTopics(new ArrayList<>())
                .setForgottenTopicsData(new ArrayList<>());
    }

    private static FetchTopic topic(long offset, int... indexes) {
        return new FetchTopic()
                .setTopicId(TOPIC)
                .setPartitions(Arrays.stream(indexes)
                        .mapToObj(index -> asked(index, offset))
                        .toList());
    }

    private static FetchPartition asked(int index, long offset) {
        return new FetchPartition().setPartition(index).setFetchOffset(offset).setPartitionMaxBytes(1 << 20);
    }

    private static FetchResponseData answered(CompletableFuture<Reply> reply) {
        assertThat(reply).isCompleted();
        Reply done = reply.join();
        return (FetchResponseData)
                (done instanceof Reply.WithSlices slices ? slices.body() : ((Reply.Message) done).body());
    }

    private static List<Integer> bytes(FetchResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> partition.records().sizeInBytes())
                .toList();
    }

    private static List<Errors> errors(FetchResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> Errors.forCode(partition.errorCode()))
                .toList();
    }

    private int open() {
        return partitions.values().stream().mapToInt(each -> each.lent).sum();
    }

    private FakePartition partition(int index) {
        return partitions.computeIfAbsent(index, absent -> new FakePartition());
    }

    private void tell(TopicPartition partition, PartitionCommand command) {
        commands++;
        FakePartition told = partition(partition.partition());
        if (command instanceof Read read) {
            told.read(read);
        } else if (command instanceof FollowerRead follower) {
            told.lastFollower = follower;
            told.read(follower.read());
        } else if (command instanceof NearbyRead nearby) {
            told.lastNearby = nearby.followers();
            nearby.reply().complete(new ReadResult(LogSlice.EMPTY, told.end, 0).redirectedTo(2));
        } else if (command instanceof Watch watch) {
            told.watch(watch);
        }
    }

    private void nextDeadline() {
        deadlines.remove(0).run();
    }

    private Timer.Cancellation after(java.time.Duration delay, Runnable task) {
        deadlines.add(task);
        return () -> deadlines.remove(task);
    }

    private Metadata metadata() {
        return fake(Metadata.class, (method, argument) -> switch (method) {
            case "nodeId" -> SELF;
            case "settings" -> settings;
            default -> images.computeIfAbsent(orders, this::image);
        });
    }

    private ClusterImage image(Topic topic) {
        return fake(ClusterImage.class, (method, argument) -> switch (method) {
            case "topicOverrides" -> topicOverrides;
            case "brokers" -> List.of(broker(1, "a"), broker(2, "b"), broker(3, "a"));
            default -> lookUp(argument, topic);
        });
    }

    private Optional<Topic> lookUp(Object nameOrId, Topic topic) {
        lookUps++;
        return nameOrId.equals("orders") || nameOrId.equals(TOPIC) ? Optional.of(topic) : Optional.empty();
    }

    private static Broker broker(int id, String rack) {
        return new Broker(id, 0, Optional.of(rack), Map.of(), false, false, List.of());
    }

    private static Topic orders(int leader, List<Integer> inSync) {
        List<Partition> all = IntStream.range(0, PARTITIONS)
                .mapToObj(index -> new Partition(
                        index,
                        0,
                        leader,
                        0,
                        List.of(1, 2),
                        inSync,
                        Eligible.NONE,
                        List.of(Uuid.ZERO_UUID, Uuid.ZERO_UUID)))
                .toList();
        return new Topic("orders", TOPIC, all);
    }

    private static <T> T fake(Class<T> type, java.util.function.BiFunction<String, Object, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.apply(method.getName(), arguments == null ? "" : arguments[0])));
    }

    /** A partition with records of one byte each. */
    private static final class FakePartition {
        private final List<Watch> watches = new ArrayList<>();
        private RuntimeException fail;
        private EpochEndOffset diverging;
        private FollowerRead lastFollower;
        private Set<Integer> lastNearby;
        private int end;
        private int committed = -1;
        private int lent;
        private int mostBytes = Integer.MAX_VALUE;
        private final List<Read> unanswered = new ArrayList<>();
        private boolean silent;

        void speak() {
            silent = false;
            unanswered.forEach(this::read);
            unanswered.clear();
        }

        void append(int records) {
            end += records;
            List<Watch> woken = watches.stream().filter(this::isOver).toList();
            watches.removeAll(woken);
            woken.forEach(watch -> watch.watcher().wake());
        }

        private boolean isOver(Watch watch) {
            return end - watch.endOffset() >= watch.bytes();
        }

        void watch(Watch watch) {
            if (isOver(watch)) {
                watch.watcher().wake();
            } else {
                watches.add(watch);
            }
        }

        void read(Read read) {
            if (silent) {
                unanswered.add(read);
                return;
            }
            if (fail != null) {
                read.fail(fail);
                return;
            }
            if (diverging != null) {
                read.reply()
                        .complete(new ReadResult(
                                LogSlice.EMPTY, end, end, 0, end, List.of(), Growth.Mark.UNKNOWN, diverging, -1));
                return;
            }
            int available = (int) Math.min(end - read.offset(), mostBytes);
            int size = available <= read.maxBytes() || read.atLeastOneBatch() ? available : 0;
            lent += size > 0 ? 1 : 0;
            int highWatermark = committed < 0 ? end : committed;
            read.reply()
                    .complete(new ReadResult(
                            slice(size),
                            highWatermark,
                            highWatermark,
                            0,
                            end,
                            List.of(),
                            Growth.Mark.UNKNOWN,
                            null,
                            -1));
        }

        private LogSlice slice(int size) {
            return size == 0
                    ? LogSlice.EMPTY
                    : fake(LogSlice.class, (method, argument) -> switch (method) {
                        case "size" -> size;
                        case "hot" -> true;
                        case "close" -> lent--;
                        default -> throw new UnsupportedOperationException(method);
                    });
        }
    }
}
