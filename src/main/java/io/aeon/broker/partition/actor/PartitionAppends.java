package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.PartitionCommand.AwaitReplicas;
import io.aeon.broker.partition.actor.PendingAppends.Pending;
import io.aeon.counters.TopicTraffic;
import io.aeon.replication.HighWatermark;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.producer.RefusedAppendException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;

/**
 * Appends to an open log, each until it is acknowledged or waits for an fsync or for other replicas. Used only by the
 * partition's actor. An exception is the error of the append.
 */
final class PartitionAppends {
    private final PartitionLog log;
    private final WriteGate gate;
    private final Leadership leadership;
    private final HighWatermark highWatermark;
    private final Growth growth;
    private final ProducerLimit.Watched producers;
    private final FsyncBatching batching;
    private final PendingAppends pending;
    private final PartitionFlush flush;
    private final TopicTraffic traffic;
    private boolean made;

    PartitionAppends(
            PartitionSetup setup,
            PartitionLog log,
            WriteGate gate,
            Leadership leadership,
            HighWatermark highWatermark,
            Growth growth,
            PartitionFlush flush) {
        this.log = log;
        this.gate = gate;
        this.leadership = leadership;
        this.highWatermark = highWatermark;
        this.growth = growth;
        this.producers = setup.producers().watch(log.producers());
        this.batching = flush.batching();
        this.pending = flush.pending();
        this.flush = flush;
        this.traffic = setup.counters().topic(setup.directory().partition().topic());
    }

    /** Returns whether an append was tried since the last call. */
    boolean wereMade() {
        boolean were = made;
        made = false;
        return were;
    }

    void append(Append append) {
        int bytes = append.batches().remaining();
        try {
            leadership.checkInSync(append.acks());
            gate.pass(bytes, false);
        } catch (ApiException e) {
            leadership.resends().expect();
            throw e;
        }
        append(bytes, append.acks(), append.reply(), () -> write(append));
    }

    private AppendResult write(Append append) {
        if (append.epochPerTransaction()) {
            log.producers().requireKnown(append.batches(), append.batches().position());
        } else if (leadership.resends().areExpected()
                && log.producers().beginsLate(append.batches(), append.batches().position())) {
            throw new NotLeaderOrFollowerException("an earlier batch of the producer may still have to be sent again");
        }
        AppendResult result = log.append(append.batches(), leadership.leaderEpoch());
        boolean isNew = result.timestampBefore() == AppendResult.NEW;
        traffic.appended(
                isNew ? result.lastOffset() - result.baseOffset() + 1 : 0,
                isNew ? append.batches().remaining() : 0);
        return result;
    }

    void appendMarker(AppendMarker marker) {
        leadership.checkInSync(Acks.ALL);
        int bytes = marker.batch().remaining();
        gate.pass(bytes, true);
        int version = marker.transactionVersion();
        append(
                bytes,
                Acks.ALL,
                marker.reply(),
                () -> log.appendMarker(marker.batch(), leadership.leaderEpoch(), version));
    }

    /** Appends the leader's batches. */
    void copy(ByteBuffer batches, CompletableFuture<AppendResult> reply) {
        int bytes = batches.remaining();
        gate.pass(bytes, true);
        append(bytes, Acks.LEADER, reply, () -> log.replication().appendAsFollower(batches));
        traffic.copiedIn(bytes);
    }

    /** Replies, as to an append that ends at the log end offset, as soon as such a one is acknowledged. */
    void whenDurable(CompletableFuture<AppendResult> reply) {
        long end = log.logEndOffset();
        acknowledge(end, Acks.LEADER, new AppendResult(end, end - 1, log.logStartOffset()), reply);
        flush.ifDue();
    }

    /** Goes on with an append to this log from the time before it was opened. */
    void awaitReplicas(AwaitReplicas append) {
        if (append.end() > highWatermark.value()) {
            pending.awaitReplicas(new Pending(append.end(), true, append.result(), append.reply()));
        } else {
            pending.acknowledge(append.result(), append.reply());
        }
    }

    private void append(int bytes, Acks acks, CompletableFuture<AppendResult> reply, Supplier<AppendResult> action) {
        made = true;
        long endBefore = log.logEndOffset();
        AppendResult result;
        try {
            result = action.get();
        } catch (RefusedAppendException e) {
            throw Refusals.of(e);
        }
        if (log.logEndOffset() > endBefore) {
            leadership.appended(endBefore);
            growth.appended(bytes, log.logEndOffset());
            producers.look();
        }
        long end = result.lastOffset() + 1;
        batching.appended(end, bytes);
        highWatermark.ownEnd(batching.safeEnd());
        acknowledge(end, acks, result, reply);
        flush.ifDue();
    }

    private void acknowledge(long end, Acks acks, AppendResult result, CompletableFuture<AppendResult> reply) {
        boolean byAll = acks == Acks.ALL;
        if (batching.mustWait(acks, end)) {
            pending.awaitFsync(new Pending(log.logEndOffset(), byAll, result, reply));
            batching.waits();
        } else if (byAll && end > highWatermark.value()) {
            pending.awaitReplicas(new Pending(log.logEndOffset(), byAll, result, reply));
        } else {
            pending.acknowledge(result, reply);
        }
    }
}
