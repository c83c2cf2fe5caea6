package io.aeon.coordinator.group;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** Commits, reads and removes a group's offsets. */
final class Offsets {
    private final Standing group;
    private final Rebalance rebalance;
    private final GroupSettings settings;
    private final OffsetTable table = new OffsetTable();

    Offsets(Standing group, Rebalance rebalance, GroupSettings settings) {
        this.group = group;
        this.rebalance = rebalance;
        this.settings = settings;
    }

    OffsetTable table() {
        return table;
    }

    void commit(Turn turn, CommitOffsets commit) {
        Errors error = validate(commit);
        if (error != Errors.NONE) {
            turn.reply(commit.reply(), commit.refusal(error));
            return;
        }
        Member member = group.members.get(commit.memberId());
        if (member != null) {
            rebalance.keepSession(turn, member);
        }
        List<Errors> results = new ArrayList<>();
        List<GroupRecord> records = new ArrayList<>();
        for (OffsetToCommit offset : commit.offsets()) {
            String metadata = offset.metadata() == null ? "" : offset.metadata();
            if (metadata.length() > settings.maxMetadataSize()) {
                results.add(Errors.OFFSET_METADATA_TOO_LARGE);
            } else {
                results.add(Errors.NONE);
                records.add(record(offset, metadata, commit.retentionMs(), turn.now()));
            }
        }
        OffsetCommitResult done = new OffsetCommitResult(Errors.NONE, results);
        if (records.isEmpty()) {
            turn.reply(commit.reply(), done);
            return;
        }
        turn.append(
                records,
                (later, failure, base) ->
                        later.reply(commit.reply(), failure == Errors.NONE ? done : commit.refusal(failure)));
    }

    private OffsetCommit record(OffsetToCommit offset, String metadata, long retentionMs, Now now) {
        TopicIdPartition partition = offset.partition();
        long expires = retentionMs < 0 ? -1 : now.epochMs() + retentionMs;
        CommittedOffset value = new CommittedOffset(
                offset.offset(), offset.leaderEpoch(), metadata, now.epochMs(), expires, partition.topicId());
        return new OffsetCommit(group.groupId, partition.topic(), partition.partition(), value);
    }

    private Errors validate(CommitOffsets commit) {
        if (commit.generation() < 0 && (group.is(GroupState.EMPTY) || group.is(GroupState.DEAD))) {
            return Errors.NONE;
        }
        if (group.is(GroupState.DEAD)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        if (commit.generation() < 0 && commit.memberId().isEmpty() && commit.instanceId() == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = group.members.validate(commit.memberId(), commit.instanceId());
        if (error != Errors.NONE) {
            return error;
        }
        if (commit.generation() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        return group.is(GroupState.COMPLETING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    void fetch(Turn turn, FetchOffsets fetch) {
        List<TopicIdPartition> wanted = fetch.partitions();
        List<OffsetFetchResult.Fetched> found =
                wanted == null ? table.all() : wanted.stream().map(table::fetch).toList();
        turn.reply(fetch.reply(), new OffsetFetchResult(Errors.NONE, found));
    }

    void delete(Turn turn, DeleteOffsets delete) {
        Errors error = deletable();
        if (error != Errors.NONE) {
            turn.reply(delete.reply(), delete.refusal(error));
            return;
        }
        List<Errors> results = new ArrayList<>();
        List<TopicPartition> removed = new ArrayList<>();
        for (TopicPartition partition : delete.partitions()) {
            boolean subscribed = group.isSubscribedTo(partition.topic());
            results.add(subscribed ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE);
            if (!subscribed && table.contains(partition)) {
                removed.add(partition);
            }
        }
        OffsetDeleteResult done = new OffsetDeleteResult(Errors.NONE, results);
        if (removed.isEmpty()) {
            turn.reply(delete.reply(), done);
            return;
        }
        turn.append(
                tombstones(removed),
                (later, failure, base) ->
                        later.reply(delete.reply(), failure == Errors.NONE ? done : delete.refusal(failure)));
    }

    private Errors deletable() {
        if (group.is(GroupState.DEAD)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        return group.is(GroupState.EMPTY) || group.usesConsumerProtocol() ? Errors.NONE : Errors.NON_EMPTY_GROUP;
    }

    List<GroupRecord> tombstones(List<TopicPartition> partitions) {
        return partitions.stream()
                .<GroupRecord>map(
                        partition -> new OffsetCommit(group.groupId, partition.topic(), partition.partition(), null))
                .toList();
    }

    List<GroupRecord> tombstonesOfAll() {
        return tombstones(table.matching((topic, offset) -> true));
    }

    void forgetTopics(Turn turn, Map<Uuid, String> topics) {
        List<TopicPartition> gone = table.ofTopics(topics);
        if (!gone.isEmpty()) {
            turn.note("removing " + gone.size() + " offsets of deleted topics");
            turn.append(tombstones(gone), (later, error, base) -> {});
        }
    }

    /** Whose time is over: since the group fell empty, or since the commit if no member reads the topic. */
    List<TopicPartition> expired(Now now) {
        return table.matching((topic, offset) -> {
            OptionalLong since = retainedSince(offset);
            if (since.isEmpty() || group.isSubscribedTo(topic)) {
                return false;
            }
            return offset.expireTimestamp() >= 0
                    ? now.epochMs() >= offset.expireTimestamp()
                    : now.epochMs() - since.getAsLong() >= settings.offsetsRetentionMs();
        });
    }

    /** Empty while the group may still need the offset. */
    private OptionalLong retainedSince(CommittedOffset offset) {
        if (group.protocolType() == null) {
            return OptionalLong.of(offset.commitTimestamp());
        }
        if (group.is(GroupState.EMPTY)) {
            return OptionalLong.of(group.since().orElse(offset.commitTimestamp()));
        }
        boolean readable = group.is(GroupState.STABLE) && group.usesConsumerProtocol() && group.knowsSubscriptions();
        return readable ? OptionalLong.of(offset.commitTimestamp()) : OptionalLong.empty();
    }
}
