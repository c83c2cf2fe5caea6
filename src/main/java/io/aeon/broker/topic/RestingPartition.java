package io.aeon.broker.topic;

import io.aeon.broker.partition.Extent;
import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.AppendAsFollower;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.NearbyRead;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.Watchers;
import io.aeon.replication.LogPosition;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.log.TimestampOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * A partition without an actor and without an open log. It answers the requests that consumers and in-sync followers
 * repeat on an idle partition: its offsets, and reads at the log end offset. As a follower it needs no open log as long
 * as its leader has no news. Immutable.
 */
record RestingPartition(Uuid topicId, Configure configured, LogSummary log) {
    private static final int NO_EPOCH = -1;
    private static final int NO_REPLICA = -1;
    private static final long NO_TIMESTAMP = -1;

    /** Whether the partition was never written, so that it has no directory. */
    boolean neverWritten() {
        return log.equals(LogSummary.EMPTY);
    }

    /** Whether {@link #answer} can handle {@code command}; for other commands the log must be opened. */
    boolean answers(PartitionCommand command) {
        if (command instanceof Read read) {
            return isAtEnd(read);
        }
        if (command instanceof FollowerRead follower) {
            return configured.role() instanceof Role.Lead lead
                    && lead.othersInSync().contains(follower.follower().broker())
                    && isAtEnd(follower.read());
        }
        if (command instanceof NearbyRead nearby) {
            return isAtEnd(nearby.read());
        }
        if (command instanceof FindPosition find) {
            return isFollower(find.leaderEpoch());
        }
        if (command instanceof AppendAsFollower append) {
            return isFollower(append.leaderEpoch())
                    && !append.batches().hasRemaining()
                    && append.highWatermark() >= log.logEndOffset();
        }
        if (command instanceof FindOffset find) {
            return configured.role() instanceof Role.Lead
                    && isCurrent(find.currentLeaderEpoch())
                    && !asksForStableEnd(find);
        }
        return command instanceof Describe || command instanceof Watch;
    }

    private boolean isFollower(int leaderEpoch) {
        return configured.role() instanceof Role.Follow follow && follow.leaderEpoch() == leaderEpoch;
    }

    /** Whether the reader has all records. Any other reader may have records that the log lacks. */
    private boolean isAtEnd(Read read) {
        int epoch = read.lastFetchedEpoch();
        return read.offset() == log.logEndOffset()
                && isCurrent(read.currentLeaderEpoch())
                && (epoch < 0 || epoch == log.latestEpoch());
    }

    /** A transaction may have been open before a restart, so the last stable offset is unknown. */
    private static boolean asksForStableEnd(FindOffset find) {
        return find.spec() == OffsetSpec.Edge.LATEST && find.isolation() == Isolation.COMMITTED;
    }

    private boolean isCurrent(int clientsEpoch) {
        return clientsEpoch == NO_EPOCH || clientsEpoch == configured.role().leaderEpoch();
    }

    Extent extent() {
        return new Extent(log.logStartOffset(), log.logEndOffset(), log.logEndOffset(), log.logEndOffset());
    }

    /** For the watches that wait for the end of the rest. */
    Watchers newWatchers() {
        return new Watchers(new Growth(extent(), log.logEndOffset(), log.sizeInBytes()), extent());
    }

    /** Whether the partition is unchanged since the reader saw it, so that the watch waits. */
    boolean isAsSeenBy(Watch watch) {
        return watch.endOffset() == log.logEndOffset() && watch.logStartOffset() == log.logStartOffset();
    }

    void answer(PartitionCommand command) {
        if (command instanceof Read read) {
            answer(read, NO_REPLICA);
        } else if (command instanceof FollowerRead follower) {
            answer(follower.read(), NO_REPLICA);
        } else if (command instanceof NearbyRead nearby) {
            answer(nearby.read(), inSync(nearby.followers()));
        } else if (command instanceof FindPosition find) {
            find.reply().complete(position());
        } else if (command instanceof AppendAsFollower append) {
            append.reply().complete(position());
        } else if (command instanceof FindOffset find) {
            find.reply().complete(Optional.of(edge(find.spec())));
        } else if (command instanceof Describe describe) {
            describe.reply()
                    .complete(new Description(
                            log.sizeInBytes(), log.logStartOffset(), log.logEndOffset(), log.logEndOffset(), 0));
        } else if (command instanceof Watch watch) {
            watch.watcher().wake();
        }
    }

    private LogPosition position() {
        return new LogPosition(log.logStartOffset(), log.logEndOffset(), log.latestEpoch());
    }

    /** One of these followers; those in sync have all records. */
    private int inSync(Set<Integer> followers) {
        return configured.role() instanceof Role.Lead lead
                ? followers.stream()
                        .filter(lead.othersInSync()::contains)
                        .max(Comparator.naturalOrder())
                        .orElse(NO_REPLICA)
                : NO_REPLICA;
    }

    private void answer(Read read, int preferredReplica) {
        read.reply()
                .complete(new ReadResult(LogSlice.EMPTY, log.logEndOffset(), log.logStartOffset())
                        .redirectedTo(preferredReplica));
    }

    /** The same answer as of an open log, where the leader has noted its epoch at the log end offset. */
    private TimestampOffset edge(OffsetSpec.Edge spec) {
        if (spec == OffsetSpec.Edge.LATEST) {
            return new TimestampOffset(
                    NO_TIMESTAMP, log.logEndOffset(), configured.role().leaderEpoch());
        }
        boolean isEmpty = log.logStartOffset() == log.logEndOffset();
        return new TimestampOffset(
                NO_TIMESTAMP, log.logStartOffset(), isEmpty ? configured.role().leaderEpoch() : log.earliestEpoch());
    }
}
