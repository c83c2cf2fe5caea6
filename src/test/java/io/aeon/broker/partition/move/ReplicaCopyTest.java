package io.aeon.broker.partition.move;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.actor.Records;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.broker.partition.directory.ReplicaMove;
import io.aeon.replication.CopyRate;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.segment.EpochEndOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of a partition that follows a leader meanwhile. */
class ReplicaCopyTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    @TempDir
    private Path dir;

    private PartitionDirectory from;
    private PartitionLog log;
    private ReplicaMove move;

    @BeforeEach
    void open() throws IOException {
        from = new PartitionDirectory(disk("source"), PARTITION, new Uuid(1, 2));
        from.claim();
        log = from.open(LogConfig.DEFAULT);
        move = new ReplicaMove(from, disk("target"), LogConfig.DEFAULT);
    }

    @Test
    void recordsThatThePartitionHasTruncatedAreRemovedBeforeMoreAreCopied() {
        append(10, 0);
        copy();
        assertThat(move.endOffset()).isEqualTo(10);
        log.replication().truncateTo(8);
        append(7, 2);

        copy();
        assertThat(move.endOffset()).isEqualTo(15);
        byte[] original = all(log);
        log.close();
        move.complete();
        move.commit().run();

        try (PartitionLog moved = move.to().open(LogConfig.DEFAULT)) {
            assertThat(all(moved)).isEqualTo(original);
        }
    }

    private void copy() {
        CopyRate unlimited = new CopyRate(1, 1, () -> CopyRate.UNLIMITED, () -> 0);
        done(new ReplicaCopy(move, (partition, command) -> answer(command), unlimited).run());
    }

    private void answer(PartitionCommand command) {
        if (command instanceof Describe describe) {
            describe.reply()
                    .complete(new Description(
                            log.sizeInBytes(), log.logStartOffset(), log.logEndOffset(), log.logEndOffset(), 0));
        } else if (command instanceof Read read) {
            EpochEndOffset end = log.endOfEpoch(read.lastFetchedEpoch());
            read.reply().complete(result(read, end.endOffset() < read.offset() ? end : null));
        }
    }

    private ReadResult result(Read read, EpochEndOffset end) {
        EpochEndOffset diverging = read.lastFetchedEpoch() < 0 ? null : end;
        return new ReadResult(
                diverging == null ? log.read(read.offset(), read.maxBytes(), true, log.logEndOffset()) : LogSlice.EMPTY,
                log.logEndOffset(),
                log.logEndOffset(),
                log.logStartOffset(),
                log.logEndOffset(),
                List.of(),
                Growth.Mark.UNKNOWN,
                diverging,
                ReadResult.NONE);
    }

    private void append(int records, int epoch) {
        for (int i = 0; i < records; i++) {
            log.append(Records.batch("value of epoch " + epoch), epoch);
        }
    }

    private static byte[] all(PartitionLog of) {
        try (LogSlice slice = of.read(0, 1 << 20, true, of.logEndOffset())) {
            byte[] batches = new byte[slice.size()];
            slice.copyTo(batches, 0);
            return batches;
        }
    }

    private Disk disk(String name) throws IOException {
        return OneDisk.of(
                Files.createDirectory(dir.resolve(name)),
                new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk()),
                Runnable::run);
    }
}
