package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AwaitReplicas;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.PartitionEvent.Retired;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.log.AppendResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader closes its log for a move while an append waits for broker 2, whose reads wait for the end of the move. */
class MovedAppendTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final int EPOCH = 5;

    private final CompletableFuture<AppendResult> write = new CompletableFuture<>();
    private PartitionRig rig;
    private List<AwaitReplicas> left;

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void retire(@TempDir Path dir) {
        rig = new PartitionRig(KIT, dir, LogFiles.disk())
                .replicated(
                        NoFollowers.beside(Set.of(2)), () -> CompletableFuture.failedFuture(new AssertionError("led")));
        ActorRef<PartitionCommand> leader = rig.start(lead(Set.of(2)));
        done(read(leader, 0));
        leader.tell(new Append(Records.batch("a"), Acks.ALL, write));
        TestProbe<TopicsCommand.StillBusy> parent = KIT.createTestProbe();
        CompletableFuture<Retired> retired = new CompletableFuture<>();
        leader.tell(new Retire(parent.getRef(), true, retired));
        left = done(retired).appends();
        KIT.createTestProbe().expectTerminated(leader);
    }

    @Test
    void theAppendIsAcknowledgedInTheNewPlaceOnceTheFollowerHasIt() {
        ActorRef<PartitionCommand> moved = rig.start(lead(Set.of(2)));
        left.forEach(moved::tell);
        done(read(moved, 0));
        assertThat(write).isNotDone();

        done(read(moved, 1));

        assertThat(done(write).baseOffset()).isZero();
        rig.end(moved);
    }

    @Test
    void theAppendIsAcknowledgedAtOnceIfNoFollowerIsInSyncAnyMore() {
        ActorRef<PartitionCommand> moved = rig.start(lead(Set.of()));
        left.forEach(moved::tell);

        assertThat(done(write).baseOffset()).isZero();
        rig.end(moved);
    }

    @Test
    void theAppendFailsIfAnotherBrokerLeadsNow() {
        ActorRef<PartitionCommand> moved = rig.start(new Role.Follow(2, EPOCH + 1));
        left.forEach(moved::tell);

        assertThatThrownBy(() -> done(write)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        rig.end(moved);
    }

    private static Role lead(Set<Integer> inSync) {
        return new Role.Lead(EPOCH, 1, Set.of(2), inSync, Set.of(), 1);
    }

    private static CompletableFuture<ReadResult> read(ActorRef<PartitionCommand> partition, long offset) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        Read read = new Read(offset, 1 << 20, true, Isolation.LOG_END, EPOCH, -1, reply);
        partition.tell(new FollowerRead(read, new Follower(2, 2), 0));
        return reply;
    }
}
