package io.aeon.coordinator.group;

import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.transaction.TransactionalWriter;
import java.nio.ByteBuffer;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The groups of one partition of the offsets topic, as its log tells them so far. */
public final class GroupLog {
    /** Name of the offsets topic. */
    public static final String TOPIC = "__consumer_offsets";

    private final RecordBatches batches;
    private final Predicate<String> wanted;
    private final Function<String, ClassicGroup> maker;
    private final RecordBatches.Unreadable unreadable;
    private final Map<String, ClassicGroup> groups = new HashMap<>();
    private final Map<Long, Set<ClassicGroup>> pending = new HashMap<>();

    /**
     * @param wanted which groups, by id, to build
     * @param maker makes a group that does not exist yet
     * @param unreadable told the records that say nothing; all others count
     */
    public GroupLog(
            RecordBatches batches,
            Predicate<String> wanted,
            Function<String, ClassicGroup> maker,
            RecordBatches.Unreadable unreadable) {
        this.batches = batches;
        this.wanted = wanted;
        this.maker = maker;
        this.unreadable = unreadable;
    }

    /** The partition that keeps a group's records, of {@code partitions} there are. */
    public static int partitionFor(String groupId, int partitions) {
        return Utils.abs(groupId.hashCode()) % partitions;
    }

    /**
     * One batch of these records.
     *
     * @param writer whose transaction they are a part of, null if of none
     */
    public static ByteBuffer batch(
            RecordBatches batches, List<GroupRecord> records, @Nullable TransactionalWriter writer, long timestampMs) {
        List<Map.Entry<ByteBuffer, @Nullable ByteBuffer>> entries = records.stream()
                .<Map.Entry<ByteBuffer, @Nullable ByteBuffer>>map(record ->
                        new SimpleImmutableEntry<>(GroupRecordCodec.key(record), GroupRecordCodec.value(record)))
                .toList();
        return writer == null
                ? batches.batch(entries, timestampMs)
                : batches.transactionalBatch(entries, timestampMs, writer.producerId(), writer.producerEpoch());
    }

    /**
     * Replays whole batches that follow those replayed before.
     *
     * @return the offset after them, -1 if there were none
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public long replay(ByteBuffer bytes) {
        return batches.read(bytes, new RecordBatches.Reader() {
            @Override
            public void record(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
                try {
                    GroupRecordCodec.decode(key, value)
                            .filter(record -> wanted.test(record.groupId()))
                            .ifPresent(record -> replay(record, producerId, offset));
                } catch (RuntimeException e) {
                    unreadable.passedOver(offset, e);
                }
            }

            @Override
            public void end(long offset, long producerId, boolean committed) {
                Set<ClassicGroup> ended = pending.remove(producerId);
                if (ended != null) {
                    ended.forEach(group -> group.replayEnd(producerId, committed));
                }
            }
        });
    }

    private void replay(GroupRecord record, long producerId, long offset) {
        ClassicGroup group = groups.computeIfAbsent(record.groupId(), maker);
        group.replay(record, producerId, offset);
        if (producerId >= 0) {
            pending.computeIfAbsent(producerId, absent -> new HashSet<>()).add(group);
        }
    }

    /** The groups that exist by the records replayed, by id; still to be started. */
    public Map<String, ClassicGroup> groups() {
        groups.values().removeIf(ClassicGroup::isVacant);
        return groups;
    }
}
