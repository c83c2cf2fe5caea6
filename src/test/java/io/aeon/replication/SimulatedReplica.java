package io.aeon.replication;

import io.aeon.replication.FetchRequest.Wanted;
import io.aeon.replication.FetcherCommand.Answer;
import io.aeon.replication.SimulatedController.Partition;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A broker's replica of a partition: the log that stays, and the role that a crash ends. */
final class SimulatedReplica {
    /** @param reply gets the outcome of the append */
    private record Waiting(int end, Entry entry, Consumer<Errors> reply) {}

    final int index;
    final SimulatedLog log = new SimulatedLog();
    private final SimulatedBroker broker;
    private final SimulatedCluster cluster;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private HighWatermark highWatermark = new HighWatermark(new AtomicLong(), 0);
    private long checkpoint;
    private long seen;
    private int leaderEpoch = -1;
    private int partitionEpoch = -1;
    private int leader = SimulatedController.NOBODY;
    private @Nullable LeaderState state;
    private @Nullable IsrChange proposed;
    private @Nullable Runnable onceForced;

    SimulatedReplica(SimulatedBroker broker, int index, SimulatedCluster cluster) {
        this.broker = broker;
        this.index = index;
        this.cluster = cluster;
    }

    boolean leads() {
        return state != null;
    }

    int leader() {
        return leader;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    long highWatermark() {
        return highWatermark.value();
    }

    /** The end of what a crash leaves, if the flush mode promises any. */
    int safeEnd() {
        return cluster.sync() && !cluster.has(Fault.COUNTS_BEFORE_IT_IS_DURABLE) ? log.durable() : log.end();
    }

    void crash(Random random) {
        log.crash(random);
        failWaiting(Errors.NETWORK_EXCEPTION);
        onceForced = null;
        state = null;
        leaderEpoch = -1;
        partitionEpoch = -1;
        leader = SimulatedController.NOBODY;
        long last = Math.max(log.start(), Math.min(checkpoint, log.end()));
        highWatermark = new HighWatermark(new AtomicLong(last), safeEnd());
        seen = highWatermark.value();
    }

    void reopen(Random random) {
        log.crash(random);
        highWatermark.endsAt(safeEnd());
        seen = highWatermark.value();
        onceForced = null;
        if (state == null && leaderEpoch >= 0) {
            broker.assign(this, leaderEpoch);
        }
        failWaiting(Errors.KAFKA_STORAGE_ERROR);
    }

    private void failWaiting(Errors error) {
        while (!waiting.isEmpty()) {
            waiting.remove().reply().accept(error);
        }
    }

    void checkpoint() {
        checkpoint = highWatermark.value();
    }

    void force() {
        log.force();
        highWatermark.ownEnd(safeEnd());
        advanced();
        if (onceForced != null) {
            Runnable action = onceForced;
            onceForced = null;
            action.run();
        }
    }

    /** Runs an action when the log is durable, or at once in a flush mode that does not ask for it. */
    private void onceDurable(Runnable action) {
        boolean early = !cluster.sync() || cluster.has(Fault.ASKS_BEFORE_IT_IS_DURABLE);
        if (early || log.durable() == log.end()) {
            action.run();
        } else {
            onceForced = action;
        }
    }

    void apply(Partition metadata) {
        if (metadata.partitionEpoch() == partitionEpoch) {
            if (state != null && proposed != null && cluster.has(Fault.OLD_METADATA_SETTLES_A_PROPOSAL)) {
                state.isr().refused(proposed, Errors.OPERATION_NOT_ATTEMPTED);
            }
            return;
        }
        partitionEpoch = metadata.partitionEpoch();
        boolean newTerm = metadata.leaderEpoch() > leaderEpoch;
        leaderEpoch = metadata.leaderEpoch();
        leader = metadata.leader();
        if (leader == broker.id()) {
            lead(metadata, newTerm);
        } else if (newTerm) {
            follow();
        }
    }

    private void lead(Partition metadata, boolean newTerm) {
        onceForced = null;
        LeaderState now = state;
        if (newTerm || now == null) {
            int epochStart = cluster.has(Fault.JOINS_BELOW_THE_START_OF_THE_EPOCH) ? 0 : log.end();
            now = new LeaderState(
                    leaderEpoch,
                    log.start(),
                    epochStart,
                    highWatermark.value(),
                    new InSyncRules(cluster::now, cluster.maxLag(), broker));
            state = now;
        }
        if (newTerm) {
            log.begin(leaderEpoch);
            cluster.leads(this, broker);
        }
        int self = 1 << broker.id();
        now.update(
                partitionEpoch,
                Brokers.of(metadata.replicas() & ~self),
                Brokers.of(metadata.isr() & ~self),
                cluster.has(Fault.ADVANCES_BELOW_MIN_IN_SYNC) ? 1 : cluster.minInSync());
        highWatermark.lead(now);
        advanced();
    }

    private void follow() {
        state = null;
        failWaiting(Errors.NOT_LEADER_OR_FOLLOWER);
        highWatermark.follow();
        if (cluster.has(Fault.TRUNCATES_TO_THE_HIGH_WATERMARK)) {
            log.truncate((int) highWatermark.value());
            highWatermark.endsAt(safeEnd());
        }
        int epoch = leaderEpoch;
        onceForced = null;
        onceDurable(() -> broker.assign(this, epoch));
    }

    /** The high watermark may have moved. */
    private void advanced() {
        long now = highWatermark.value();
        if (now < seen) {
            throw new Violation("the high watermark of " + this + " went back from " + seen + " to " + now);
        }
        if (now > seen) {
            cluster.covered(this, (int) seen, (int) now);
            seen = now;
        }
        while (!waiting.isEmpty() && waiting.peek().end() <= now) {
            Waiting done = waiting.remove();
            cluster.committed(index).acknowledged(done.end() - 1, done.entry());
            done.reply().accept(Errors.NONE);
        }
    }

    /** Appends as leader with acks=all. */
    void produce(Entry entry, Consumer<Errors> reply) {
        if (state == null || !state.hasMinInSync()) {
            reply.accept(state == null ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NOT_ENOUGH_REPLICAS);
            return;
        }
        int before = log.find(entry);
        if (before < 0 && !Producers.accept(entry, log.lastOf(entry.producer), cluster)) {
            reply.accept(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            return;
        }
        if (before < 0) {
            before = write(entry);
        }
        int end = before + 1;
        if (end <= highWatermark.value()) {
            cluster.committed(index).acknowledged(before, log.at(before));
            reply.accept(Errors.NONE);
        } else {
            // A repeated batch waits behind later ones, as one that ends where the log ends.
            waiting.add(new Waiting(log.end(), log.at(log.end() - 1), reply));
        }
    }

    private int write(Entry entry) {
        state.appended(log.end());
        log.append(leaderEpoch, entry);
        highWatermark.ownEnd(safeEnd());
        int offset = log.end() - 1;
        advanced();
        return offset;
    }

    /** Appends what a coordinator writes that was elected in this leader epoch. */
    void append(Entry entry, int epoch, Consumer<Errors> reply) {
        boolean isLater = epoch != leaderEpoch && !cluster.has(Fault.COORDINATORS_WRITE_IN_ANY_EPOCH);
        if (state == null || isLater || !state.hasMinInSync()) {
            reply.accept(state == null || isLater ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NOT_ENOUGH_REPLICAS);
            return;
        }
        waiting.add(new Waiting(log.end() + 1, entry, reply));
        write(entry);
    }

    /** Serves a follower's fetch. */
    Answer<Integer, Batch> fetch(int follower, long followersEpoch, Wanted<Integer> wanted, int most) {
        if (state == null) {
            return error(Errors.NOT_LEADER_OR_FOLLOWER);
        }
        if (wanted.leaderEpoch() != leaderEpoch && !cluster.has(Fault.DOES_NOT_FENCE_FETCHES)) {
            return error(wanted.leaderEpoch() < leaderEpoch ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH);
        }
        LogPosition position = wanted.position();
        boolean compares = position.lastEpoch() >= 0 && !cluster.has(Fault.DOES_NOT_TRUNCATE);
        EpochEnd end = compares ? log.endOf(position.lastEpoch()) : new EpochEnd(position.lastEpoch(), log.end());
        if ((compares && end.isUnknown()) || position.end() < log.start()) {
            return error(Errors.OFFSET_OUT_OF_RANGE);
        }
        if (compares && end.divergesFrom(position.lastEpoch(), position.end())) {
            return new Answer<>(index, Errors.NONE, end, null, -1, -1);
        }
        if (position.end() > log.end()) {
            return error(Errors.OFFSET_OUT_OF_RANGE);
        }
        try {
            state.fetched(follower, followersEpoch, position.end(), position.start(), log.end());
        } catch (ApiException e) {
            return error(Errors.forException(e));
        }
        highWatermark.rise();
        advanced();
        propose();
        tellDeleted();
        return new Answer<>(
                index, Errors.NONE, null, log.read((int) position.end(), most), highWatermark.value(), log.start());
    }

    private void tellDeleted() {
        if (state != null) {
            cluster.committed(index).deleted((int) state.deletedEnd(log.start()));
        }
    }

    private Answer<Integer, Batch> error(Errors error) {
        return new Answer<>(index, error, null, null, -1, -1);
    }

    void propose() {
        LeaderState leading = state;
        if (leading == null) {
            return;
        }
        leading.propose(log.end(), highWatermark.value()).ifPresent(change -> {
            proposed = change;
            broker.send(index, change);
            boolean grows = change.others().size()
                    > Integer.bitCount(cluster.partition(index).isr()) - 1;
            if (cluster.has(Fault.COUNTS_THE_COMMITTED_ISR_ONLY)) {
                leading.isr().refused(change, Errors.OPERATION_NOT_ATTEMPTED);
            } else if (cluster.has(Fault.COUNTS_A_PROPOSED_SHRINK) && !grows) {
                leading.isr()
                        .accepted(
                                change, change.partitionEpoch(), change.others().keySet());
            }
            highWatermark.rise();
            advanced();
        });
    }

    void altered(IsrChange change, SimulatedController.Altered answer) {
        LeaderState leading = state;
        if (leading == null || leaderEpoch != change.leaderEpoch()) {
            return;
        }
        if (answer.error() == Errors.NONE) {
            leading.isr().accepted(change, answer.partitionEpoch(), Brokers.of(answer.isr() & ~(1 << broker.id())));
        } else if (leading.isr().refused(change, answer.error())) {
            broker.send(index, change);
        }
        highWatermark.rise();
        advanced();
    }

    private boolean follows(int epoch) {
        return state == null && leaderEpoch == epoch;
    }

    void append(FetcherEffect.Append<Integer, Batch> append) {
        if (!follows(append.leaderEpoch())) {
            return;
        }
        Batch batch = append.records();
        if (batch != null && !batch.entries().isEmpty()) {
            if (batch.base() != log.end()) {
                throw new Violation(this + " is to append records from " + batch.base());
            }
            for (int i = 0; i < batch.entries().size(); i++) {
                log.append(batch.epochs().get(i), batch.entries().get(i));
            }
        }
        highWatermark.ownEnd(safeEnd());
        highWatermark.leaderSays(append.highWatermark());
        advanced();
        log.advanceStart((int) Math.min(append.logStart(), highWatermark.value()));
        stored(append.leaderEpoch());
    }

    void truncate(int epoch, long offset) {
        if (!follows(epoch)) {
            return;
        }
        if (offset < highWatermark.value()) {
            throw new Violation(this + " is to be truncated to " + offset + ", below its high watermark");
        }
        log.truncate((int) offset);
        highWatermark.endsAt(safeEnd());
        stored(epoch);
    }

    void startAnew(int epoch, long offset) {
        if (!follows(epoch)) {
            return;
        }
        log.startAnew((int) offset);
        highWatermark = new HighWatermark(new AtomicLong(offset), offset);
        seen = offset;
        checkpoint = Math.max(checkpoint, offset);
        stored(epoch);
    }

    private void stored(int epoch) {
        onceDurable(() -> broker.stored(this, epoch));
    }

    /** Keeps a record of each producer, whose sequence numbers a copy of the log would not know otherwise. */
    void deleteRecords(Random random) {
        if (state != null && !cluster.isTransactionLog(index)) {
            int end = (int) highWatermark.value();
            for (int producer = 0; producer <= SimulatedTransactor.ID; producer++) {
                int last = log.lastBelow((int) highWatermark.value(), producer);
                end = last < 0 ? end : Math.min(end, last);
            }
            log.advanceStart(log.start() + random.nextInt(Math.max(0, end - log.start()) + 1));
        }
    }

    @Override
    public String toString() {
        return "replica " + broker.id() + " of partition " + index + " (" + (leads() ? "leads" : "follows " + leader)
                + " in epoch " + leaderEpoch + ", high watermark " + highWatermark.value() + ")";
    }
}
