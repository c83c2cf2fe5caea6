package io.aeon.broker.group;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.coordinator.CoordinatorRuntime;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.InMemoryOffsetsTopic;
import io.aeon.broker.coordinator.KafkaBatches;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.supervision.Supervision;
import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.command.GroupType;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.group.record.Protocol;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.protocol.InternalRecords;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupsTest {
    @TempDir
    Path directory;

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final InMemoryOffsetsTopic log = new InMemoryOffsetsTopic();
    private final FakeMetadata cluster = new FakeMetadata();
    private final AtomicReference<Now> clock = new AtomicReference<>(new Now(1_700_000_000_000L, 0));
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicReference<Consumer<Runnable>> gate = new AtomicReference<>(Runnable::run);
    private Uuid topicId;
    private ActorRef<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>> groups;
    private GroupCoordinators coordinators;

    @BeforeEach
    void start() {
        DeadLetters.answer(kit.system());
        topicId = cluster.add("t", 1);
        cluster.add(GroupRecordFormat.TOPIC, 4);
        restart();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private void restart() {
        if (groups != null) {
            kit.stop(groups);
        }
        GroupsSetup setup = new GroupsSetup(
                log,
                (writer, partition, append) -> gate.get().accept(() -> log.tell(partition, append)),
                cluster.metadata(),
                new KafkaBatches(() -> {
                    if (broken.getAndSet(false)) {
                        throw new IllegalStateException("broken by the test");
                    }
                }),
                new GroupSettings(3000, 6000, 60_000, 100, 4096, 3_600_000),
                () -> ConsumerGroupLimits.of(new KafkaSettings(Map.of())),
                () -> 1000,
                Duration.ofMinutes(10),
                SnapshotFiles.of(
                        partition -> directory.resolve(partition.toString()),
                        LogFiles.disk(),
                        Clock.systemUTC(),
                        topic -> Long.MAX_VALUE),
                Runnable::run,
                clock::get,
                UUID::randomUUID);
        AtomicReference<ActorRef<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>>> self =
                new AtomicReference<>();
        coordinators = new GroupCoordinators(log, command -> self.get().tell(command), task -> () -> {});
        groups = kit.spawn(Supervision.parent(
                CoordinatorRuntime.create(
                        new GroupKind(setup, coordinators), cluster.metadata(), clock::get, coordinators),
                CoordinatorsCommand.class,
                "groups"));
        self.set(groups);
    }

    private CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing> imageChanged() {
        return new CoordinatorsCommand.ImageChanged<>(cluster.change().change());
    }

    private void pass(Duration duration) {
        Now now = clock.get();
        clock.set(new Now(now.epochMs() + duration.toMillis(), now.elapsedMs() + duration.toMillis()));
        time.timePasses(duration);
    }

    /** Passes time until no group has an actor: a reply may come before the group's actor has started its timer. */
    private void rests() {
        await().until(() -> {
            pass(Duration.ofMinutes(1));
            return coordinators.running() == 0;
        });
    }

    private <T> T ask(Function<CompletableFuture<T>, GroupCommand.Request<T>> request) {
        return done(coordinators.ask("g", request));
    }

    private CompletableFuture<OffsetCommitResult> committing(long offset, String metadata) {
        TopicIdPartition partition = new TopicIdPartition(topicId, new TopicPartition("t", 0));
        return coordinators.ask(
                "g",
                reply -> new CommitOffsets(
                        "", null, -1, -1, true, List.of(new OffsetToCommit(partition, offset, -1, metadata)), reply));
    }

    private CompletableFuture<Errors> committingTo(String group, long offset) {
        TopicIdPartition partition = new TopicIdPartition(topicId, new TopicPartition("t", 0));
        return coordinators
                .ask(
                        group,
                        (CompletableFuture<OffsetCommitResult> reply) -> new CommitOffsets(
                                "", null, -1, -1, true, List.of(new OffsetToCommit(partition, offset, -1, "")), reply))
                .thenApply(OffsetCommitResult::error);
    }

    /** A group in another partition than group g. */
    private static String groupElsewhere() {
        return IntStream.range(0, 100)
                .mapToObj(i -> "h" + i)
                .filter(id -> StoredRecords.partitionFor(id, 4) != StoredRecords.partitionFor("g", 4))
                .findFirst()
                .orElseThrow();
    }

    private Errors commit(long offset) {
        return done(committing(offset, "")).error();
    }

    private long committed() {
        OffsetFetchResult result = ask(reply -> new FetchOffsets(null, -1, null, reply));
        assertThat(result.error()).isEqualTo(Errors.NONE);
        return result.offsets().isEmpty()
                ? -1
                : result.offsets().get(0).offset().offset();
    }

    private CompletableFuture<JoinResult> join(String memberId) {
        return coordinators.ask(
                "g",
                reply -> new Join(
                        memberId,
                        null,
                        "client",
                        "/127.0.0.1",
                        10_000,
                        6000,
                        "consumer",
                        List.of(new Protocol("range", Bytes.NONE)),
                        true,
                        true,
                        "",
                        reply));
    }

    @Test
    void committedOffsetsComeBackAfterARestart() {
        assertThat(commit(5)).isEqualTo(Errors.NONE);
        assertThat(commit(6)).isEqualTo(Errors.NONE);

        restart();

        assertThat(committed()).isEqualTo(6);
    }

    @Test
    void aFaultOfTheParentEndsWhenTheLogIsLoadedAgain() {
        assertThat(commit(5)).isEqualTo(Errors.NONE);
        cluster.breakImage(1);
        groups.tell(imageChanged());

        await().until(() -> commit(6) == Errors.NONE);
        assertThat(committed()).isEqualTo(6);
    }

    @Test
    void deadlinesAreMet() {
        String id = done(join("")).memberId();
        CompletableFuture<JoinResult> join = join(id);
        assertThat(committed()).isEqualTo(-1);
        assertThat(join).isNotDone();

        pass(Duration.ofSeconds(3));

        assertThat(done(join).generation()).isEqualTo(1);
    }

    @Test
    void membersAreRestoredAfterARestartAndTheirSessionsExpire() {
        String id = done(join("")).memberId();
        CompletableFuture<JoinResult> join = join(id);
        committed();
        pass(Duration.ofSeconds(3));
        done(join);
        assertThat(ask((CompletableFuture<SyncResult> reply) ->
                                new GroupCommand.Sync(id, null, 1, null, null, Map.of(), reply))
                        .error())
                .isEqualTo(Errors.NONE);

        restart();
        assertThat(done(coordinators.list()))
                .as("a heartbeat before that is answered at once")
                .hasSize(1);

        assertThat(ask((CompletableFuture<Errors> reply) -> new Heartbeat(id, null, 1, reply)))
                .isEqualTo(Errors.NONE);
        pass(Duration.ofSeconds(6));
        assertThat(ask((CompletableFuture<Errors> reply) -> new Heartbeat(id, null, 1, reply)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void brokerWithoutTheOffsetsTopicIsNoCoordinator() {
        cluster.remove(GroupRecordFormat.TOPIC);
        groups.tell(imageChanged());

        assertThat(commit(5)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(done(coordinators.list())).isEmpty();
    }

    @Test
    void requestsWaitForTheReplayButHeartbeatsSucceed() {
        commit(5);
        log.hold();
        restart();
        await().until(() -> log.held() == 4);

        CompletableFuture<OffsetFetchResult> fetch =
                coordinators.ask("g", reply -> new FetchOffsets(null, -1, null, reply));
        assertThat(ask((CompletableFuture<Errors> reply) -> new Heartbeat("m", null, 1, reply)))
                .isEqualTo(Errors.NONE);
        assertThat(fetch).isNotDone();
        pass(Duration.ofSeconds(3));
        assertThat(done(committing(7, "")).error()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        log.release();

        assertThat(done(fetch).offsets()).hasSize(1);
    }

    @Test
    void partitionThatCannotBeReadIsRetried() {
        commit(5);
        log.fail(new StorageException("no disk"));
        restart();

        await().until(() -> commit(6) == Errors.COORDINATOR_LOAD_IN_PROGRESS);
        log.work();

        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return commit(6) == Errors.NONE;
        });
        assertThat(committed()).isEqualTo(6);
    }

    @Test
    void requestsCauseNoReadOfAPartitionThatCannotBeRead() {
        log.fail(new StorageException("damaged"));
        restart();
        await().until(() -> commit(5) == Errors.COORDINATOR_LOAD_IN_PROGRESS);
        log.hold();

        assertThat(commit(6)).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(log.held()).isZero();
    }

    @Test
    void partitionThatCannotBeReadAffectsNoOtherPartition() {
        commit(5);
        String other = groupElsewhere();
        assertThat(done(committingTo(other, 7))).isEqualTo(Errors.NONE);
        log.fail(
                partition -> partition.partition() == StoredRecords.partitionFor("g", 4),
                new StorageException("damaged"));
        restart();

        await().until(() -> commit(6) == Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(done(committingTo(other, 8))).isEqualTo(Errors.NONE);
        assertThat(done(coordinators.list())).extracting(GroupListing::groupId).containsExactly(other);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }

    static Stream<Map.Entry<ByteBuffer, ByteBuffer>> recordsThatSayNothing() {
        return Stream.of(
                new SimpleEntry<>(bytes(0, 1, 9), null),
                new SimpleEntry<>(bytes(0, 77, 0, 1, 'g'), bytes(0, 0)),
                new SimpleEntry<>(bytes(0, 2, 0, 1, 'g'), bytes(0, 99)),
                new SimpleEntry<>(bytes(0, 1, 0, 1, 'g', 0, 1, 't', 0, 0, 0, 0), bytes(0, 3, 1)));
    }

    @ParameterizedTest
    @MethodSource("recordsThatSayNothing")
    void unknownRecordIsIgnored(Map.Entry<ByteBuffer, ByteBuffer> record) {
        commit(5);
        CompletableFuture<AppendResult> damage = new CompletableFuture<>();
        log.tell(
                new TopicPartition(GroupRecordFormat.TOPIC, StoredRecords.partitionFor("g", 4)),
                new PartitionCommand.Append(
                        InternalRecords.batch(List.of(record), 1), PartitionCommand.Acks.ALL, damage));

        restart();

        assertThat(committed()).isEqualTo(5);
    }

    private void commitForAnotherTopic() {
        TopicIdPartition another = new TopicIdPartition(cluster.add("u", 1), new TopicPartition("u", 0));
        ask((CompletableFuture<OffsetCommitResult> reply) ->
                new CommitOffsets("", null, -1, -1, true, List.of(new OffsetToCommit(another, 1, -1, "")), reply));
    }

    /** The failing command of the coordinator of g has no waiting caller. */
    private void breakCoordinator() {
        cluster.remove("u");
        broken.set(true);
        coordinators.tell("g", new GroupCommand.ForgetTopics(Set.of("u")));
    }

    @Test
    void failedCoordinatorDoesNotAffectOthers() {
        commitForAnotherTopic();
        String other = groupElsewhere();
        commit(5);
        done(committingTo(other, 7));

        breakCoordinator();

        await().until(() -> !broken.get());
        assertThat(done(committingTo(other, 8))).isEqualTo(Errors.NONE);
        await().until(() -> commit(7) == Errors.NONE);
    }

    @Test
    void commitThatCannotBeStoredFailsAndTheGroupContinues() {
        commit(5);
        log.fail(new StorageException("no space"));

        assertThat(commit(6)).isEqualTo(Errors.NOT_COORDINATOR);
        log.work();

        assertThat(committed()).isEqualTo(5);
        assertThat(commit(7)).isEqualTo(Errors.NONE);
    }

    @Test
    void batchThatIsTooLargeIsNotSent() {
        assertThat(done(committing(5, "x".repeat(2000))).error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(commit(6)).isEqualTo(Errors.NONE);
    }

    @Test
    void failedCoordinatorFailsItsRequestsAndIsReplayed() {
        commitForAnotherTopic();
        commit(5);
        String id = done(join("")).memberId();
        CompletableFuture<JoinResult> waiting = join(id);

        breakCoordinator();

        assertThat(done(waiting).error()).isEqualTo(Errors.NOT_COORDINATOR);
        await().until(() -> commit(7) == Errors.NONE);
        assertThat(committed()).isEqualTo(7);
    }

    @Test
    void groupWithoutMembersLosesItsActorAndKeepsItsOffsets() {
        commit(5);
        await().until(() -> coordinators.running() == 1);

        rests();

        assertThat(done(coordinators.list())).containsExactly(new GroupListing("g", "", "Empty", GroupType.CLASSIC));
        assertThat(committed()).isEqualTo(5);
        assertThat(commit(6)).isEqualTo(Errors.NONE);
    }

    @Test
    void offsetsAreReadFromAGroupThatRestsWithoutAnActor() {
        commit(5);
        rests();

        assertThat(committed()).isEqualTo(5);
        assertThat(coordinators.running()).isZero();
    }

    @Test
    void readRequestStartsNoActor() {
        assertThat(committed()).isEqualTo(-1);
        assertThat(coordinators.running()).isZero();
        assertThat(done(coordinators.list())).isEmpty();
    }

    @Test
    void listContainsTheEffectOfAnAnsweredRequest() {
        commit(5);
        AtomicReference<CompletableFuture<List<GroupListing>>> listedAtOnce = new AtomicReference<>();

        ask((CompletableFuture<Errors> reply) -> {
            listedAtOnce.set(reply.thenApply(error -> done(coordinators.list())));
            return new Delete(reply);
        });

        assertThat(done(listedAtOnce.get())).isEmpty();
    }

    @Test
    void deletedGroupIsGone() {
        commit(5);

        assertThat(ask((CompletableFuture<Errors> reply) -> new Delete(reply))).isEqualTo(Errors.NONE);

        await().until(() -> coordinators.running() == 0);
        assertThat(committed()).isEqualTo(-1);
        restart();
        assertThat(committed()).isEqualTo(-1);
    }

    @Test
    void offsetsOfADeletedTopicAreRemovedAlsoWithoutAnActor() {
        commit(5);
        rests();

        cluster.remove("t");
        groups.tell(imageChanged());
        done(coordinators.list());

        assertThat(committed()).isEqualTo(-1);
        await().until(() -> done(coordinators.list()).isEmpty());
    }

    @Test
    void recreatedTopicIsReadFromItsStartAtOnceAndAfterARestart() {
        commit(5);

        cluster.remove("t");
        topicId = cluster.add("t", 1);

        assertThat(committed()).isEqualTo(-1);
        restart();
        assertThat(committed()).isEqualTo(-1);
        assertThat(commit(2)).isEqualTo(Errors.NONE);
        assertThat(committed()).isEqualTo(2);
    }

    @Test
    void offsetsExpireAlsoWithoutAnActor() {
        commit(5);
        rests();

        pass(Duration.ofHours(2));

        await().until(() -> done(coordinators.list()).isEmpty());
        assertThat(committed()).isEqualTo(-1);
    }

    private CompletableFuture<OffsetCommitResult> committingInTransaction(long producerId, long offset) {
        TopicIdPartition partition = new TopicIdPartition(topicId, new TopicPartition("t", 0));
        return coordinators.ask(
                "g",
                reply -> new CommitInTransaction(
                        "",
                        null,
                        -1,
                        new TransactionalWriter("id", producerId, (short) 0, Admission.ADDED),
                        List.of(new OffsetToCommit(partition, offset, -1, "")),
                        reply));
    }

    private CompletableFuture<AppendResult> ending(long producerId, boolean commit) {
        TopicPartition partition = new TopicPartition(GroupRecordFormat.TOPIC, StoredRecords.partitionFor("g", 4));
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        coordinators.end(
                new Marker(partition, producerId, (short) 0, commit, (short) 0),
                new KafkaBatches(() -> {}).endMarker(producerId, (short) 0, 0, commit, 0),
                reply);
        return reply;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offsetsOfATransactionAreVisibleAfterItsCommitAlsoAfterARestart(boolean commit) {
        commit(5);
        assertThat(done(committingInTransaction(7, 9)).error()).isEqualTo(Errors.NONE);
        assertThat(committed()).isEqualTo(5);
        restart();
        assertThat(committed()).isEqualTo(5);

        done(ending(7, commit));

        assertThat(committed()).isEqualTo(commit ? 9 : 5);
        restart();
        assertThat(committed()).isEqualTo(commit ? 9 : 5);
    }

    @Test
    void aGroupKeepsItsActorUntilTheEndOfATransaction() {
        done(committingInTransaction(7, 9));
        pass(Duration.ofMinutes(1));
        pass(Duration.ofMinutes(1));
        await().until(() -> coordinators.running() == 1);

        done(ending(7, true));

        rests();
        assertThat(committed()).isEqualTo(9);
    }

    @Test
    void pendingOffsetsEndWithTheirOwnTransactionNotThePreviousOne() {
        done(committingInTransaction(7, 9));
        Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        gate.set(waiting::add);
        CompletableFuture<OffsetCommitResult> next = committingInTransaction(7, 10);
        await().until(() -> !waiting.isEmpty());
        done(ending(7, true));
        assertThat(committed()).isEqualTo(9);

        waiting.remove().run();
        done(next);
        done(ending(7, true));

        assertThat(committed()).isEqualTo(10);
    }

    @Test
    void endThatCannotBeStoredFailsAndChangesNothing() {
        done(committingInTransaction(7, 9));
        log.fail(new StorageException("no disk"));
        assertThatThrownBy(() -> done(ending(7, true))).hasRootCauseInstanceOf(StorageException.class);
        log.work();
        assertThat(committed()).isEqualTo(-1);

        done(ending(7, true));

        assertThat(committed()).isEqualTo(9);
    }

    @Test
    void stoppingGroupsAnswerAllWaitingRequests() {
        String id = done(join("")).memberId();
        CompletableFuture<JoinResult> waiting = join(id);
        committed();

        kit.stop(groups);

        assertThat(done(waiting).error()).isEqualTo(Errors.NOT_COORDINATOR);
    }
}
