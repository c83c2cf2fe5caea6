package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionEvent.CheckInSync;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.replication.LogPosition;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition with two records that this broker leads; brokers 2 and 3 have them too. */
class HandoverTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final int EPOCH = 5;
    private static final Set<Integer> OTHERS = Set.of(2, 3);

    private final BlockingQueue<CompletableFuture<Void>> givenUp = new LinkedBlockingQueue<>();
    /** The other brokers that may be elected. */
    private final Set<Integer> live = ConcurrentHashMap.newKeySet();

    private PartitionRig rig;

    @BeforeEach
    void createRig(@TempDir Path dir) {
        rig = new PartitionRig(KIT, dir, LogFiles.disk()).replicated(NoFollowers.beside(live), this::giveUp);
    }

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @Test
    void aLeaderWithADamagedLogIsGivenUpAndItsFollowersKeepTheirRecords() throws Exception {
        write();
        rig.damage();

        ActorRef<PartitionCommand> leader = rig.start(lead(OTHERS));

        CompletableFuture<Void> told = givenUp();
        assertIsRefused(followerRead(leader, 2));
        told.completeExceptionally(new IllegalStateException("no controller"));
        await().untilAsserted(() -> {
            leader.tell(CheckInSync.NOW);
            assertThat(givenUp).isNotEmpty();
        });
        givenUp().complete(null);

        leader.tell(new Configure(LogConfig.DEFAULT, new Role.Follow(2, EPOCH + 1)));
        CompletableFuture<LogPosition> position = new CompletableFuture<>();
        leader.tell(new FindPosition(EPOCH + 1, position));
        givenUp().complete(null);
        assertThat(done(position).end()).as("it is copied anew").isZero();
    }

    @Test
    void aLeaderThatLacksCommittedRecordsIsGivenUp() throws Exception {
        write();
        rig.highWatermark().set(3);

        ActorRef<PartitionCommand> leader = rig.start(lead(OTHERS));

        givenUp().complete(null);
        assertIsRefused(append(leader));

        leader.tell(new Configure(LogConfig.DEFAULT, new Role.Follow(2, EPOCH + 1)));
        CompletableFuture<LogPosition> position = new CompletableFuture<>();
        leader.tell(new FindPosition(EPOCH + 1, position));
        assertThat(done(position).end()).as("what it has is kept").isEqualTo(2);
    }

    @Test
    void aLeaderWithoutAnotherReplicaInSyncStays() throws Exception {
        write();
        rig.damage();

        ActorRef<PartitionCommand> leader = rig.start(lead(Set.of()));

        assertThat(done(describe(leader)).logEndOffset()).isEqualTo(1);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void recordsThatNoReplicaInSyncHasAreNotMissedLater() {
        write();
        rig.highWatermark().set(3);
        ActorRef<PartitionCommand> leader = rig.start(lead(Set.of()));
        assertThat(done(append(leader)).baseOffset()).isEqualTo(2);

        leader.tell(new Configure(LogConfig.DEFAULT, new Role.Lead(EPOCH, 2, OTHERS, OTHERS, Set.of(), 1)));

        assertThat(done(append(leader)).baseOffset()).isEqualTo(3);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void aLeaderThatLacksCommittedRecordsWaitsForAnEligibleReplicaAndIsGivenUpWhenItLives() throws Exception {
        write();
        rig.highWatermark().set(3);
        Role soleInSync = new Role.Lead(EPOCH, 1, OTHERS, Set.of(), Set.of(2), 2);

        ActorRef<PartitionCommand> leader = rig.start(soleInSync);

        assertIsRefused(append(leader));
        assertIsRefused(followerRead(leader, 2));
        leader.tell(CheckInSync.NOW);
        assertThat(done(describe(leader)).logEndOffset()).isEqualTo(2);
        assertThat(givenUp).as("the eligible replica cannot be elected yet").isEmpty();

        live.add(2);
        leader.tell(CheckInSync.NOW);

        givenUp().complete(null);
        assertIsRefused(followerRead(leader, 2));
    }

    @Test
    void aLeaderThatLacksCommittedRecordsGoesOnOnceNoOtherReplicaHasThem() {
        write();
        rig.highWatermark().set(3);
        ActorRef<PartitionCommand> leader = rig.start(new Role.Lead(EPOCH, 1, OTHERS, Set.of(), Set.of(2), 2));
        assertIsRefused(append(leader));

        leader.tell(new Configure(LogConfig.DEFAULT, new Role.Lead(EPOCH, 2, OTHERS, Set.of(), Set.of(), 1)));

        assertThat(done(append(leader)).baseOffset()).isEqualTo(2);
        assertThat(givenUp).isEmpty();
    }

    private static void assertIsRefused(CompletableFuture<?> request) {
        assertThat(request)
                .failsWithin(PatientWaits.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(StorageException.class);
    }

    private void write() {
        ActorRef<PartitionCommand> partition = rig.start(Role.Lead.alone(EPOCH));
        done(append(partition));
        done(append(partition));
        rig.end(partition);
    }

    private static Role lead(Set<Integer> inSync) {
        return new Role.Lead(EPOCH, 1, OTHERS, inSync, Set.of(), 1);
    }

    private CompletableFuture<Void> givenUp() throws InterruptedException {
        CompletableFuture<Void> told = givenUp.poll(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(told).as("the controller is told").isNotNull();
        return told;
    }

    private static CompletableFuture<AppendResult> append(ActorRef<PartitionCommand> partition) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        partition.tell(new Append(Records.batch("a"), Acks.LEADER, reply));
        return reply;
    }

    private static CompletableFuture<ReadResult> followerRead(ActorRef<PartitionCommand> partition, long offset) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        Read read = new Read(offset, 1 << 20, true, Isolation.LOG_END, EPOCH, EPOCH, reply);
        partition.tell(new FollowerRead(read, new Follower(2, 20), 0));
        return reply;
    }

    private static CompletableFuture<Description> describe(ActorRef<PartitionCommand> partition) {
        CompletableFuture<Description> reply = new CompletableFuture<>();
        partition.tell(new Describe(reply));
        return reply;
    }

    private CompletableFuture<Void> giveUp() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        givenUp.add(told);
        return told;
    }
}
