package io.aeon.coordinator.group.offset;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.Request;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetDeleteResult;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.OffsetFetchResult.Fetched;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicIds;
import io.aeon.coordinator.group.member.CommitPermission;
import io.aeon.coordinator.group.member.OffsetRules;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.step.AppendsInFlight;
import io.aeon.coordinator.group.step.GroupStep;
import io.aeon.coordinator.group.step.GroupStep.Settlement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Commits, reads and deletes a group's offsets: creates the records that change {@link StoredOffsets}. */
public final class Offsets {
    private final String groupId;
    private final Supplier<OffsetRules> rules;
    private final GroupSettings settings;
    private final TopicIds topics;
    private final Tombstones tombstones;
    private final OffsetTable table;
    private final PendingOffsets pending;
    private final AppendsInFlight appends;

    /**
     * @param rules the rules of the group protocol that the members use now
     * @param appends an offset that is on its way to the log is not deleted by itself: a deletion would come after it
     */
    public Offsets(
            String groupId,
            Supplier<OffsetRules> rules,
            GroupSettings settings,
            TopicIds topics,
            StoredOffsets stored,
            AppendsInFlight appends) {
        this.groupId = groupId;
        this.rules = rules;
        this.topics = topics;
        this.tombstones = new Tombstones(groupId);
        this.table = stored.table();
        this.pending = stored.pending();
        this.settings = settings;
        this.appends = appends;
    }

    /** Deletes offsets that became durable after the deletion of their topic. */
    public void forgetLate(GroupStep step, List<? extends GroupRecord> records) {
        boolean isLate =
                records.stream().anyMatch(record -> record instanceof OffsetCommit commit && isDeleted(commit));
        if (isLate) {
            forgetDeletedTopics(step);
        }
    }

    public void commit(GroupStep step, CommitOffsets commit) {
        CommitPermission permission = rules.get().mayCommit(commit);
        if (permission.error() != Errors.NONE) {
            step.reply(commit.reply(), commit.refusal(permission.error()));
            return;
        }
        rules.get().committed(step, commit.memberId());
        append(step, commit, permission, commit.offsets(), commit.retentionMs(), null);
    }

    /** A partition for which the member's epoch is too old refuses the whole request, so that no part is committed. */
    public void commit(GroupStep step, CommitInTransaction commit) {
        CommitPermission permission = rules.get().mayCommit(commit);
        Errors error = commit.offsets().stream()
                .map(offset -> permission.perPartition().apply(offset.partition()))
                .filter(refused -> refused != Errors.NONE)
                .findFirst()
                .orElse(permission.error());
        if (error != Errors.NONE) {
            step.reply(commit.reply(), commit.refusal(error));
            return;
        }
        append(step, commit, permission, commit.offsets(), -1, commit.writer());
    }

    private void append(
            GroupStep step,
            Request<OffsetCommitResult> request,
            CommitPermission permission,
            List<OffsetToCommit> offsets,
            long retentionMs,
            @Nullable TransactionalWriter writer) {
        List<Errors> results = new ArrayList<>();
        List<GroupRecord> records = new ArrayList<>();
        for (OffsetToCommit offset : offsets) {
            Errors error = validate(offset, permission);
            results.add(error);
            if (error == Errors.NONE) {
                records.add(record(offset, retentionMs, step.now()));
            }
        }
        OffsetCommitResult done = new OffsetCommitResult(Errors.NONE, results);
        if (records.isEmpty()) {
            step.reply(request.reply(), done);
            return;
        }
        step.append(
                records,
                writer,
                (later, failure, base) ->
                        later.reply(request.reply(), failure == Errors.NONE ? done : request.refusal(failure)));
    }

    private Errors validate(OffsetToCommit offset, CommitPermission permission) {
        Errors refused = permission.perPartition().apply(offset.partition());
        if (refused != Errors.NONE) {
            return refused;
        }
        if (metadata(offset).length() > settings.maxMetadataSize()) {
            return Errors.OFFSET_METADATA_TOO_LARGE;
        }
        if (!topics.isPresent(offset.partition().topic(), offset.partition().topicId())) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return table.grows(offset.partition().topicPartition(), metadata(offset))
                        && !settings.heap().admits()
                ? Errors.POLICY_VIOLATION
                : Errors.NONE;
    }

    private static String metadata(OffsetToCommit offset) {
        return offset.metadata() == null ? "" : offset.metadata();
    }

    private OffsetCommit record(OffsetToCommit offset, long retentionMs, Now now) {
        TopicIdPartition partition = offset.partition();
        long expires = retentionMs < 0 ? -1 : now.epochMs() + retentionMs;
        CommittedOffset value = new CommittedOffset(
                offset.offset(), offset.leaderEpoch(), metadata(offset), now.epochMs(), expires, partition.topicId());
        return new OffsetCommit(groupId, partition.topic(), partition.partition(), value);
    }

    public void fetch(GroupStep step, FetchOffsets fetch) {
        Errors error = rules.get().mayFetch(fetch);
        if (error != Errors.NONE) {
            step.reply(fetch.reply(), fetch.refusal(error));
            return;
        }
        List<TopicIdPartition> wanted = fetch.partitions();
        List<Fetched> found = (wanted == null ? table.partitions() : wanted)
                .stream()
                        .map(partition -> new Fetched(
                                partition, table.fetch(partition), pending.contains(partition.topicPartition())))
                        .toList();
        step.reply(fetch.reply(), new OffsetFetchResult(Errors.NONE, found));
    }

    public void delete(GroupStep step, DeleteOffsets delete) {
        Errors error = rules.get().mayDelete();
        if (error != Errors.NONE) {
            step.reply(delete.reply(), delete.refusal(error));
            return;
        }
        List<Errors> results = new ArrayList<>();
        List<TopicPartition> removed = new ArrayList<>();
        for (TopicPartition partition : delete.partitions()) {
            boolean subscribed = rules.get().isSubscribedTo(partition.topic());
            results.add(subscribed ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE);
            if (!subscribed && table.contains(partition)) {
                removed.add(partition);
            }
        }
        OffsetDeleteResult done = new OffsetDeleteResult(Errors.NONE, results);
        if (removed.isEmpty()) {
            step.reply(delete.reply(), done);
            return;
        }
        remove(
                step,
                removed,
                List.of(),
                (later, failure, base) ->
                        later.reply(delete.reply(), failure == Errors.NONE ? done : delete.refusal(failure)));
    }

    /** Deletes all offsets, as {@link #remove}. */
    public void removeAll(GroupStep step, List<GroupRecord> rest, Settlement whole) {
        remove(step, matching(topic -> id -> true), rest, whole);
    }

    /**
     * Deletes offsets in batches of limited size.
     *
     * @param rest further records, which are in the last batch
     * @param whole the reaction when the result of all batches is known; its error is the first one
     */
    public void remove(GroupStep step, List<TopicPartition> partitions, List<GroupRecord> rest, Settlement whole) {
        tombstones.append(step, partitions, rest, whole);
    }

    private List<TopicPartition> matching(Function<String, Predicate<Uuid>> condition) {
        Set<TopicPartition> all = new LinkedHashSet<>(table.matching(condition));
        all.addAll(pending.matching(condition));
        return List.copyOf(all);
    }

    /** Deletes the offsets of deleted topics, also if a new topic has the same name. */
    public void forgetDeletedTopics(GroupStep step) {
        forget(step, matching(this::deleted));
    }

    /** As {@link #forgetDeletedTopics}, only for these topics; includes older records, which have no topic id. */
    public void forgetTopics(GroupStep step, Set<String> deleted) {
        forget(step, ofTopics(deleted));
    }

    private void forget(GroupStep step, List<TopicPartition> deleted) {
        List<TopicPartition> gone = notInFlight(deleted);
        if (!gone.isEmpty()) {
            step.note(Level.DEBUG, "removing " + gone.size() + " offsets of deleted topics");
            remove(step, gone, List.of(), (later, error, base) -> {});
        }
    }

    public boolean hasDeletedTopics() {
        return !matching(this::deleted).isEmpty();
    }

    public List<TopicPartition> ofTopics(Set<String> names) {
        return matching(topic -> names.contains(topic) ? deleted(topic).or(Uuid.ZERO_UUID::equals) : id -> false);
    }

    private Predicate<Uuid> deleted(String topic) {
        return topics.present(topic).negate();
    }

    private boolean isDeleted(OffsetCommit commit) {
        return commit.value() != null
                && !topics.isPresent(commit.topic(), commit.value().topicId());
    }

    /** Whether the group has no other offsets than those of these partitions, not even in an open transaction. */
    public boolean hasNoOthers(List<TopicPartition> partitions) {
        return partitions.size() == table.size() && pending.isEmpty();
    }

    /**
     * The partitions whose offset is past its retention: since the group became empty, or since the commit if no member
     * is subscribed to the topic. Offsets that an open transaction or an append in flight may change are excluded.
     */
    public List<TopicPartition> expired(Now now) {
        List<TopicPartition> expired = old(now);
        expired.removeIf(pending::contains);
        return notInFlight(expired);
    }

    private List<TopicPartition> notInFlight(List<TopicPartition> partitions) {
        Set<TopicPartition> inFlight = appends.partitions();
        return partitions.stream()
                .filter(partition -> !inFlight.contains(partition))
                .toList();
    }

    private List<TopicPartition> old(Now now) {
        return table.select((topic, offset) -> {
            OptionalLong since = rules.get().retainedSince(offset);
            if (since.isEmpty() || rules.get().isSubscribedTo(topic)) {
                return false;
            }
            return offset.expireTimestamp() >= 0
                    ? now.epochMs() >= offset.expireTimestamp()
                    : now.epochMs() - since.getAsLong() >= settings.offsetsRetentionMs();
        });
    }
}
