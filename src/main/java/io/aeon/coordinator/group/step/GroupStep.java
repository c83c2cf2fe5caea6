package io.aeon.coordinator.group.step;

import io.aeon.coordinator.Note;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** One step of a group: its time and its effects. */
public final class GroupStep {
    private final Now now;
    private final List<Reply<?>> replies = new ArrayList<>();
    private final List<Planned> appends = new ArrayList<>();
    private final List<RegexSearch> searches = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    public GroupStep(Now now) {
        this.now = now;
    }

    public Now now() {
        return now;
    }

    public <T> void reply(CompletableFuture<T> to, T value) {
        reply(new Reply<>(to, value));
    }

    public void reply(Reply<?> reply) {
        replies.add(reply);
    }

    public void refuse(Request<?> request, Errors error) {
        replies.add(request.refused(error));
    }

    public void append(List<GroupRecord> records, Settlement settlement) {
        append(records, null, settlement);
    }

    /** @param writer the producer to whose transaction the records belong, null if there is none */
    public void append(List<GroupRecord> records, @Nullable TransactionalWriter writer, Settlement settlement) {
        appends.add(new Planned(records, writer, false, settlement));
    }

    /** Appends records of the membership that the group's state contains already. */
    public void appendApplied(List<GroupRecord> records, Settlement settlement) {
        appends.add(new Planned(records, null, true, settlement));
    }

    public void search(RegexSearch search) {
        searches.add(search);
    }

    public void note(Level level, String line) {
        notes.add(new Note(level, line));
    }

    public List<Reply<?>> replies() {
        return replies;
    }

    public List<Planned> appends() {
        return appends;
    }

    /** Whether an append of this step changes the members of the group. */
    public boolean changesMembers() {
        return appends.stream().anyMatch(Planned::changesMembers);
    }

    public List<RegexSearch> searches() {
        return searches;
    }

    public List<Note> notes() {
        return notes;
    }

    /**
     * Records, and the reaction to the result of their append.
     *
     * @param applied whether the group's state contains the records before they are durable
     */
    public record Planned(
            List<GroupRecord> records, @Nullable TransactionalWriter writer, boolean applied, Settlement settlement) {
        /** Whether the records change the members of the group. */
        public boolean changesMembers() {
            return records.stream().anyMatch(record -> !(record instanceof OffsetCommit));
        }
    }

    /** The reaction to the result of an append, in a later step. */
    public interface Settlement {
        /**
         * @param error NONE if the records are durable
         * @param baseOffset offset of the first record if the records are durable
         */
        void settle(GroupStep step, Errors error, long baseOffset);
    }
}
