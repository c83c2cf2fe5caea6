package io.aeon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.coordinator.KafkaBatches;
import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.LatestRecords;
import io.aeon.coordinator.Note;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.StoredRecords;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.AppendFailed;
import io.aeon.coordinator.group.command.GroupCommand.Appended;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Describe;
import io.aeon.coordinator.group.command.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.GroupCommand.TransactionEnded;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.consumer.StoredMembers;
import io.aeon.coordinator.group.environment.Assignors;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.Bounded;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.MigrationPolicy;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.group.record.Protocol;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.coordinator.group.step.RecordsToStore;
import io.aeon.coordinator.group.step.RegexSearch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Simulates the clients, the clock and the log of one group. */
public final class GroupDriver {
    public static final String GROUP = "g";
    static final String TYPE = "consumer";
    public static final Uuid TOPIC_ID = new Uuid(7, 7);
    public static final GroupSettings SETTINGS =
            new GroupSettings(3000, 6000, 1_800_000, Integer.MAX_VALUE, 4096, 7L * 24 * 3600 * 1000);

    public static final ConsumerGroupSettings CONSUMERS = new ConsumerGroupSettings(
            new Bounded(45_000, 45_000, 60_000),
            new Bounded(5000, 5000, 15_000),
            new Bounded(1000, 0, 15_000),
            Integer.MAX_VALUE,
            600_000,
            Assignors.named(List.of("uniform", "range")),
            MigrationPolicy.BIDIRECTIONAL);

    private static final RecordBatches BATCHES = new KafkaBatches(() -> {});
    private static final int RESTORES_PER_SNAPSHOT = 7;

    private final GroupSettings settings;
    private final List<Entry> log = new ArrayList<>();
    private final List<Request<?>> waiting = new ArrayList<>();
    private final FakeTopics topics;
    private final ConsumerGroupSettings consumers;
    private final List<String> notes = new ArrayList<>();
    private final Deque<RecordsToStore> held = new ArrayDeque<>();
    private final Deque<RegexSearch> searches = new ArrayDeque<>();
    private LatestRecords snapshot = new LatestRecords(BATCHES, Long.MAX_VALUE);
    private int snapshotEnd;
    private int restores;
    private Group group;
    private long time = 1_000_000;
    private long ids;

    /** A record in the log, or the end of a transaction. */
    private record Entry(@Nullable GroupRecord record, long producerId, boolean committed) {}

    /** Whether appends wait for {@link #settle} or {@link #fail}. */
    public boolean holdAppends;

    public GroupDriver() {
        this(SETTINGS);
    }

    public GroupDriver(GroupSettings settings) {
        this(settings, CONSUMERS, new FakeTopics(TOPIC_ID));
    }

    public GroupDriver(GroupSettings settings, ConsumerGroupSettings consumers, FakeTopics topics) {
        this.settings = settings;
        this.consumers = consumers;
        this.topics = topics;
        this.group = fresh();
    }

    static GroupDriver withoutInitialDelay() {
        return new GroupDriver(new GroupSettings(0, 6000, 1_800_000, Integer.MAX_VALUE, 4096, 60_000));
    }

    private Group fresh() {
        return new Group(GROUP, settings, () -> consumers, this::nextId, () -> topics);
    }

    private UUID nextId() {
        return new UUID(0, ++ids);
    }

    /** Sets the id of the topic with this name; null: there is no such topic. */
    public void topicIs(String name, @Nullable Uuid id) {
        topics.put(name, id);
    }

    public Group group() {
        return group;
    }

    /** The members of the group in its log. */
    public StoredMembers members() {
        return group.stored().members();
    }

    /** The state of a group in its log, equal by content. */
    public static Object stored(Group any) {
        return any.stored();
    }

    /** The records in the log. */
    public List<GroupRecord> log() {
        return log.stream().map(Entry::record).filter(Objects::nonNull).toList();
    }

    /** Adds a record to the log that an earlier broker has written. */
    public void log(GroupRecord record) {
        log.add(new Entry(record, -1, false));
    }

    public Now now() {
        return new Now(time + 1_700_000_000_000L, time);
    }

    public void step(GroupCommand command) {
        if (command instanceof TransactionEnded end) {
            log.add(new Entry(null, end.producerId(), end.committed()));
        }
        if (command instanceof Request<?> request) {
            waiting.add(request);
        }
        carryOut(group.step(command, now()));
        waiting.removeIf(request -> request.reply().isDone());
    }

    private void carryOut(GroupEffects effects) {
        effects.replies().forEach(Reply::send);
        held.addAll(effects.records());
        searches.addAll(effects.searches());
        effects.notes().stream()
                .filter(note -> note.level() == Level.INFO)
                .map(Note::text)
                .forEach(notes::add);
        if (!holdAppends) {
            settleAll();
        }
    }

    public void settleAll() {
        while (!held.isEmpty()) {
            settle();
        }
    }

    /** Runs the searches for the topics of regular expressions that the group has asked for. */
    public void search() {
        search(0);
    }

    /** The same, when each search takes that many milliseconds. */
    public void search(long ms) {
        while (!searches.isEmpty()) {
            Deque<Now> clock = new ArrayDeque<>();
            clock.add(now());
            time += ms;
            clock.add(now());
            step(searches.remove().run(topics, clock::remove));
        }
    }

    public boolean hasSearches() {
        return !searches.isEmpty();
    }

    /** The lines for the broker's log at level INFO. */
    List<String> notes() {
        return notes;
    }

    /** The topics of the cluster. */
    public FakeTopics topics() {
        return topics;
    }

    /** The numbers of records in the appends that are held. */
    List<Integer> appends() {
        return held.stream().map(append -> append.records().size()).toList();
    }

    public boolean hasAppends() {
        return !held.isEmpty();
    }

    /** The oldest append becomes durable. */
    public void settle() {
        RecordsToStore append = held.remove();
        long base = log.size();
        TransactionalWriter writer = append.writer();
        long producerId = writer == null ? -1 : writer.producerId();
        append.records().forEach(record -> log.add(new Entry(record, producerId, false)));
        step(new Appended(append.id(), base));
    }

    /** The oldest append fails. */
    public void fail(Errors error) {
        step(new AppendFailed(held.remove().id(), error));
    }

    /** Advances the clock and handles every deadline on the way. */
    public void advance(long ms) {
        long end = time + ms;
        while (true) {
            long next = group.nextDeadline().orElse(Long.MAX_VALUE);
            if (next > end) {
                break;
            }
            time = Math.max(time, next);
            carryOut(group.tick(now()));
        }
        time = end;
    }

    /** The coordinator crashes and is replayed from its log; records that were not durable are lost. */
    public void restart() {
        waiting.forEach(request -> request.refused(Errors.NOT_COORDINATOR).send());
        waiting.clear();
        held.clear();
        searches.clear();
        group = replayed();
        carryOut(group.start(now()));
    }

    public Group replayed() {
        Group fresh = fresh();
        long offset = 0;
        for (Entry entry : log) {
            if (entry.record() == null) {
                fresh.replayEnd(entry.producerId(), entry.committed());
            } else {
                fresh.replay(entry.record(), entry.producerId(), offset);
            }
            offset++;
        }
        return fresh;
    }

    /** The group after a replay of a snapshot, which is behind most of the time, and of the log that follows. */
    public Group restored() {
        if (++restores % RESTORES_PER_SNAPSHOT == 0) {
            LatestRecords next = new LatestRecords(BATCHES, Long.MAX_VALUE);
            replay(next::replay);
            snapshot = next;
            snapshotEnd = log.size();
        }
        StoredRecords<GroupRecord, Group> records =
                new StoredRecords<>(BATCHES, new GroupRecordFormat(), id -> true, id -> fresh(), (offset, reason) -> {
                    throw new AssertionError("the record at " + offset, reason);
                });
        replay(records::replay);
        return records.existing().stream().findFirst().orElseGet(this::fresh);
    }

    private void replay(Consumer<ByteBuffer> reader) {
        snapshot.forEachBatch(reader);
        for (int offset = snapshotEnd; offset < log.size(); offset++) {
            reader.accept(batch(offset));
        }
    }

    private ByteBuffer batch(int offset) {
        Entry entry = log.get(offset);
        if (entry.record() == null) {
            return BATCHES.endMarker(entry.producerId(), (short) 0, 0, entry.committed(), 0);
        }
        var record = StoredRecords.encode(new GroupRecordFormat(), List.of(entry.record()))
                .get(0);
        return BATCHES.batch(new TreeMap<>(Map.of((long) offset, record)), entry.producerId());
    }

    public <T> CompletableFuture<T> ask(Function<CompletableFuture<T>, GroupCommand> command) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        step(command.apply(reply));
        return reply;
    }

    /** Returns the answer to a request that must be answered at once. */
    public <T> T tell(Function<CompletableFuture<T>, GroupCommand> command) {
        CompletableFuture<T> reply = ask(command);
        assertThat(reply).isDone();
        return reply.join();
    }

    public CompletableFuture<JoinResult> join(Joiner joiner) {
        return ask(joiner::command);
    }

    /** Joins with the member id that the group assigns, as a client does. */
    public CompletableFuture<JoinResult> joinNew(Joiner joiner) {
        JoinResult required = join(joiner).join();
        assertThat(required.error()).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        return join(joiner.withId(required.memberId()));
    }

    public SyncResult sync(JoinResult member, Map<String, Bytes> assignments) {
        CompletableFuture<SyncResult> reply = asyncSync(member, assignments);
        assertThat(reply).isDone();
        return reply.join();
    }

    public CompletableFuture<SyncResult> asyncSync(JoinResult member, Map<String, Bytes> assignments) {
        return ask(reply -> new Sync(
                member.memberId(),
                null,
                member.generation(),
                member.protocolType(),
                member.protocolName(),
                assignments,
                reply));
    }

    public Errors heartbeat(JoinResult member) {
        return tell(reply -> new Heartbeat(member.memberId(), null, member.generation(), reply));
    }

    public LeaveResult leave(String... memberIds) {
        List<Leaver> leavers =
                List.of(memberIds).stream().map(id -> new Leaver(id, null, "")).toList();
        return tell(reply -> new Leave(leavers, reply));
    }

    public OffsetCommitResult commit(JoinResult member, String topic, long offset) {
        return commit(member.memberId(), null, member.generation(), topic, offset)
                .join();
    }

    public CompletableFuture<OffsetCommitResult> commit(
            String memberId, @Nullable String instanceId, int generation, String topic, long offset) {
        return ask(reply -> new CommitOffsets(
                memberId,
                instanceId,
                generation,
                -1,
                true,
                List.of(new OffsetToCommit(partition(topic), offset, -1, "note")),
                reply));
    }

    public long committed(String topic) {
        OffsetFetchResult result = tell(reply -> new FetchOffsets(null, -1, List.of(partition(topic)), reply));
        CommittedOffset offset = result.offsets().get(0).offset();
        return offset == null ? -1 : offset.offset();
    }

    public static TopicIdPartition partition(String topic) {
        return new TopicIdPartition(TOPIC_ID, new TopicPartition(topic, 0));
    }

    public DescribeResult describe() {
        return describe(group);
    }

    public DescribeResult describe(Group any) {
        CompletableFuture<DescribeResult> reply = new CompletableFuture<>();
        any.step(new Describe(reply), now()).replies().forEach(Reply::send);
        return reply.join();
    }

    public OffsetFetchResult offsets(Group any) {
        CompletableFuture<OffsetFetchResult> reply = new CompletableFuture<>();
        any.step(new FetchOffsets(null, -1, null, reply), now()).replies().forEach(Reply::send);
        return reply.join();
    }

    public GroupState state() {
        String text = group.listing().map(GroupListing::state).orElse("Dead");
        return Arrays.stream(GroupState.values())
                .filter(state -> state.toString().equals(text))
                .findFirst()
                .orElseThrow();
    }

    public static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A subscription in the consumer protocol's encoding. */
    public static Bytes subscription(String... topics) {
        ByteBuffer buffer = ByteBuffer.allocate(1000).putShort((short) 0).putInt(topics.length);
        for (String topic : topics) {
            byte[] name = topic.getBytes(StandardCharsets.UTF_8);
            buffer.putShort((short) name.length).put(name);
        }
        buffer.putInt(-1).flip();
        byte[] array = new byte[buffer.remaining()];
        buffer.get(array);
        return Bytes.of(array);
    }

    /** The contents of a join request. */
    public record Joiner(
            String memberId,
            @Nullable String instanceId,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            String protocolType,
            List<Protocol> protocols,
            int version) {
        public static Joiner member() {
            return new Joiner("", null, 60_000, 10_000, TYPE, List.of(new Protocol("range", subscription("t"))), 9);
        }

        public Joiner withId(String id) {
            return new Joiner(id, instanceId, rebalanceTimeoutMs, sessionTimeoutMs, protocolType, protocols, version);
        }

        public Joiner as(@Nullable String instance) {
            return new Joiner(
                    memberId, instance, rebalanceTimeoutMs, sessionTimeoutMs, protocolType, protocols, version);
        }

        public Joiner with(Protocol... offered) {
            return new Joiner(
                    memberId,
                    instanceId,
                    rebalanceTimeoutMs,
                    sessionTimeoutMs,
                    protocolType,
                    List.of(offered),
                    version);
        }

        public Joiner ofType(String type) {
            return new Joiner(memberId, instanceId, rebalanceTimeoutMs, sessionTimeoutMs, type, protocols, version);
        }

        public Joiner withTimeouts(int rebalanceMs, int sessionMs) {
            return new Joiner(memberId, instanceId, rebalanceMs, sessionMs, protocolType, protocols, version);
        }

        public Joiner inVersion(int api) {
            return new Joiner(memberId, instanceId, rebalanceTimeoutMs, sessionTimeoutMs, protocolType, protocols, api);
        }

        GroupCommand command(CompletableFuture<JoinResult> reply) {
            return new Join(
                    memberId,
                    instanceId,
                    "client",
                    "/127.0.0.1",
                    rebalanceTimeoutMs,
                    sessionTimeoutMs,
                    protocolType,
                    protocols,
                    version >= 4,
                    version >= 9,
                    "",
                    reply);
        }
    }
}
