package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.Role;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader meets a later batch of a producer that it does not know; the earlier one may be about to be sent again. */
class ResentBatchTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final Role REPLICATED = lead(5);

    private final FaultyFiles files = new FaultyFiles();
    private PartitionRig rig;

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void writeFirstRecord(@TempDir Path dir) {
        rig = new PartitionRig(KIT, dir, files);
        ActorRef<PartitionCommand> partition = rig.start(lead(4));
        done(append(partition, 1, 0));
        rig.end(partition);
    }

    @Test
    void aNewLeaderWaitsForTheEarlierBatch() {
        ActorRef<PartitionCommand> partition = rig.start(REPLICATED);

        assertIsHeldUp(append(partition, 2, 1));
        done(append(partition, 2, 0));
        done(append(partition, 2, 1));
    }

    @Test
    void aLeaderThatWasAtRestTakesTheBatchOfAProducerThatHasExpired() {
        ActorRef<PartitionCommand> first = rig.start(REPLICATED);
        done(append(first, 1, 1));
        rig.end(first);

        done(append(rig.start(REPLICATED), 2, 1));
    }

    @Test
    void aLeaderThatLeadsOnInANewEpochDoesNotWait() {
        ActorRef<PartitionCommand> first = rig.start(REPLICATED);
        done(append(first, 1, 1));
        rig.end(first);
        ActorRef<PartitionCommand> partition = rig.start(REPLICATED);
        done(append(partition, 1, 2));

        partition.tell(new Configure(LogConfig.DEFAULT, lead(6)));

        done(append(partition, 2, 1));
    }

    @Test
    void aLeaderThatRefusedTheEarlierBatchForWantOfReplicasWaitsForIt() {
        ActorRef<PartitionCommand> first = rig.start(REPLICATED);
        done(append(first, 1, 1));
        rig.end(first);
        ActorRef<PartitionCommand> partition = rig.start(new Role.Lead(5, 1, Set.of(2, 3), Set.of(2), Set.of(), 3));
        CompletableFuture<AppendResult> refused = new CompletableFuture<>();
        partition.tell(new Append(batch(2, 0), Acks.ALL, refused));
        assertThatThrownBy(() -> done(refused)).hasCauseInstanceOf(NotEnoughReplicasException.class);

        partition.tell(new Configure(LogConfig.DEFAULT, new Role.Lead(5, 2, Set.of(2, 3), Set.of(2, 3), Set.of(), 3)));

        assertIsHeldUp(append(partition, 2, 1));
    }

    @Test
    void aLeaderWhoseDiskRefusedTheEarlierBatchWaitsForIt() {
        ActorRef<PartitionCommand> partition = rig.start(Role.Lead.alone(4));
        done(append(partition, 1, 1));

        files.fullAfter(0);
        assertThatThrownBy(() -> done(append(partition, 2, 0))).hasCauseInstanceOf(StorageException.class);
        files.fullAfter(Integer.MAX_VALUE);

        assertIsHeldUp(append(partition, 2, 1));
        done(append(partition, 2, 0));
        done(append(partition, 2, 1));
    }

    private static void assertIsHeldUp(CompletableFuture<AppendResult> append) {
        assertThatThrownBy(() -> done(append)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    private static Role lead(int epoch) {
        return new Role.Lead(epoch, 1, Set.of(2, 3), Set.of(2, 3), Set.of(), 1);
    }

    private static CompletableFuture<AppendResult> append(
            ActorRef<PartitionCommand> partition, long producer, int sequence) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        partition.tell(new Append(batch(producer, sequence), Acks.LEADER, reply));
        return reply;
    }

    private static ByteBuffer batch(long producer, int sequence) {
        return MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producer, (short) 0, sequence, new SimpleRecord(Utils.utf8("a")))
                .buffer();
    }
}
