package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.FoundBatch;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand.FindBatch;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.replication.HighWatermark;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.log.TimestampOffset;
import java.util.Optional;
import org.apache.kafka.common.errors.OffsetNotAvailableException;

/**
 * Finds offsets of an open partition, which only its leader does. Used only by the partition's actor. An exception from
 * a request's method is the error of that request.
 */
final class OffsetLookup {
    private static final long NO_TIMESTAMP = -1;

    private final PartitionLog log;
    private final HighWatermark highWatermark;
    private final PartitionReader reader;
    private final Replies replies;

    OffsetLookup(PartitionLog log, HighWatermark highWatermark, PartitionReader reader, Replies replies) {
        this.log = log;
        this.highWatermark = highWatermark;
        this.reader = reader;
        this.replies = replies;
    }

    void findOffset(FindOffset find) {
        reader.requireLeader(find.currentLeaderEpoch());
        boolean earliest = find.spec() == OffsetSpec.Edge.EARLIEST;
        if (!earliest && isEndUnknown(find.isolation())) {
            throw endUnknown();
        }
        long offset = earliest ? log.logStartOffset() : reader.extent().end(find.isolation());
        int epoch = earliest ? log.earliestEpoch() : log.latestEpoch();
        replies.complete(find.reply(), Optional.of(new TimestampOffset(NO_TIMESTAMP, offset, epoch)));
    }

    void findBatch(FindBatch find) {
        reader.requireLeader(find.currentLeaderEpoch());
        long end = reader.extent().end(find.isolation());
        boolean isEndUnknown = isEndUnknown(find.isolation());
        reader.answerBlocking(find, () -> {
            Optional<FoundBatch> found = find.spec() instanceof OffsetSpec.AtOrAfter time
                    ? log.times()
                            .firstAtOrAfter(time.timestamp(), time.from(), end)
                            .flatMap(batch -> found(batch, end))
                    : log.times()
                            .maxTimestamp(find.spec().from())
                            .filter(batch -> batch.offset() < end)
                            .flatMap(batch -> found(batch, end));
            if (found.isEmpty() && isEndUnknown) {
                throw endUnknown();
            }
            // The reply completes on this thread, because its receiver may block on the disk too.
            if (!find.reply().complete(found)) {
                found.ifPresent(batch -> batch.records().close());
            }
        });
    }

    private boolean isEndUnknown(Isolation isolation) {
        return isolation != Isolation.LOG_END && highWatermark.mayBeBehind();
    }

    private static OffsetNotAvailableException endUnknown() {
        return new OffsetNotAvailableException(
                "the followers of the new leader have not told yet which records of the former one they have");
    }

    /** Empty if the batch was deleted in the meantime. */
    private Optional<FoundBatch> found(TimestampOffset batch, long end) {
        long start = log.logStartOffset();
        LogSlice records = log.read(Math.max(batch.offset(), start), 1, true, end);
        return records.size() == 0
                ? Optional.empty()
                : Optional.of(new FoundBatch(records, batch.leaderEpoch(), start));
    }

    void findEpochEnd(FindEpochEnd find) {
        reader.requireLeader(find.currentLeaderEpoch());
        replies.complete(find.reply(), log.endOfEpoch(find.leaderEpoch()));
    }
}
