package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.ForwardingFile;
import io.aeon.storage.file.ForwardingFiles;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.log.AppendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer with isolation level read_committed reads a partition with an aborted transaction; its disk fails. */
class FailedReadTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();

    private final FaultyFiles disk = new FaultyFiles();
    /** The number of accesses to the disk until one fails. */
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @Test
    void aReadThatFailsWhereverItIsGivesItsFilesBack(@TempDir Path dir) {
        PartitionRig rig = new PartitionRig(KIT, dir, failing());
        ActorRef<PartitionCommand> partition = rig.start(Role.Lead.alone(1));
        CompletableFuture<AppendResult> written = new CompletableFuture<>();
        partition.tell(new Append(TransactionalBatches.transactional(7, 0, 0, 1, 1), Acks.ALL, written));
        CompletableFuture<AppendResult> aborted = new CompletableFuture<>();
        partition.tell(new AppendMarker(TransactionalBatches.marker(7, 0, 0, true, 1), 1, aborted));
        done(aborted);
        done(read(partition)).records().close();
        int accesses = Integer.MAX_VALUE - left.get();
        assertThat(accesses).isPositive();

        for (int i = 0; i < accesses; i++) {
            left.set(i);
            assertThatThrownBy(() -> done(read(partition))).hasMessageContaining("cannot read");
        }

        left.set(Integer.MAX_VALUE);
        rig.end(partition);
        assertThat(disk.openFiles()).isZero();
    }

    private static CompletableFuture<ReadResult> read(ActorRef<PartitionCommand> partition) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partition.tell(new Read(0, 1 << 20, true, Isolation.COMMITTED, -1, -1, reply));
        return reply;
    }

    private LogFiles failing() {
        return new ForwardingFiles(disk) {
            @Override
            public LogFile openForReading(Path path) throws IOException {
                return failing(super.openForReading(path));
            }

            @Override
            public LogFile openForWriting(Path path) throws IOException {
                return failing(super.openForWriting(path));
            }
        };
    }

    private LogFile failing(LogFile file) {
        return new ForwardingFile(file) {
            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                if (left.getAndDecrement() == 0) {
                    throw new IOException("cannot read");
                }
                return super.read(target, position);
            }
        };
    }
}
