package io.aeon.coordinator.transaction;

import io.aeon.coordinator.AppendErrors;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StateMachine;
import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.transaction.TransactionCommand.AbortTimedOut;
import io.aeon.coordinator.transaction.TransactionCommand.AppendFailed;
import io.aeon.coordinator.transaction.TransactionCommand.Appended;
import io.aeon.coordinator.transaction.TransactionCommand.Describe;
import io.aeon.coordinator.transaction.TransactionCommand.Expire;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerWritten;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdGiven;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdRefused;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One transactional id. Requests are served one at a time. A request that needs the previous transaction to be complete
 * waits for it for a limited time.
 *
 * <p>A transaction is complete only when its marker is durable in every partition that still exists, regardless of the
 * time and the number of broker restarts that this takes.
 */
public final class TransactionalProducer
        implements StateMachine<TransactionCommand, TransactionEffects, TransactionListing>,
                Replayable<TransactionRecord> {
    /** An idle transactional id takes 0.6 KB (measured with many). */
    private static final long HEAP_BYTES = 768;

    private static final long PARTITION_BYTES = 128;

    private final TransactionSettings settings;
    private final TransactionalIdState producer;
    private final ProducerRequests requests;
    private final Completion completion;

    /** A transactional id that does not exist; it comes into existence by a replayed record or a first request. */
    public TransactionalProducer(String transactionalId, TransactionSettings settings) {
        this.settings = settings;
        this.producer = new TransactionalIdState(transactionalId, settings.patienceMs());
        this.requests = new ProducerRequests(producer, settings);
        this.completion = new Completion(producer);
    }

    @Override
    public String id() {
        return producer.transactionalId;
    }

    @Override
    public void replay(TransactionRecord record, long producerId, long offset) {
        producer.replay(record);
    }

    /** Continues a decided transaction: its markers are sent. */
    @Override
    public TransactionEffects start(Now now) {
        TransactionStep step = new TransactionStep(now);
        completion.begin(step);
        return step.effects(ongoing());
    }

    @Override
    public TransactionEffects step(TransactionCommand command, Now now) {
        TransactionStep step = new TransactionStep(now);
        if (command instanceof Describe describe) {
            step.reply(describe.reply(), describe());
        } else if (command instanceof Request<?> request) {
            producer.queue().add(request);
        } else {
            happen(step, command);
        }
        return serveAll(step);
    }

    private TransactionEffects serveAll(TransactionStep step) {
        while (!producer.isBusy() && producer.firstWaiting() != null) {
            requests.serve(step, producer.queue().remove());
        }
        return step.effects(ongoing());
    }

    private void happen(TransactionStep step, TransactionCommand command) {
        if (command instanceof Appended) {
            settle(step, Errors.NONE);
        } else if (command instanceof AppendFailed failed) {
            settle(step, AppendErrors.forClient(failed.error()));
        } else if (command instanceof MarkerWritten written) {
            completion.written(step, written.partition());
        } else if (command instanceof MarkerFailed failed) {
            completion.failed(step, failed);
        } else if (command instanceof ProducerIdGiven given) {
            producer.producerIdGiven(given.id());
        } else if (command instanceof ProducerIdRefused refused) {
            producer.producerIdRefused(step, refused.error());
        } else if (command instanceof AbortTimedOut) {
            abortTimedOut(step);
        } else if (command instanceof Expire) {
            expire(step);
        } else {
            throw new IllegalArgumentException("unexpected command for a transactional id: " + command);
        }
    }

    @Override
    public TransactionEffects tick(Now now) {
        TransactionStep step = new TransactionStep(now);
        producer.refuseImpatient(step);
        completion.tick(step);
        return serveAll(step);
    }

    private void settle(TransactionStep step, Errors error) {
        if (producer.settle(step, error)) {
            completion.begin(step);
        }
    }

    private void abortTimedOut(TransactionStep step) {
        TransactionMetadata open = producer.current();
        if (open != null
                && producer.isOngoing()
                && !producer.isBusy()
                && step.now().epochMs() - open.startMs() > open.timeoutMs()) {
            requests.abortTimedOut(step, open);
        }
    }

    private void expire(TransactionStep step) {
        if (hasExpired(step.now())) {
            step.note(Level.DEBUG, "expired");
            producer.append(step, null, (later, error) -> {});
        }
    }

    private DescribeResult describe() {
        TransactionMetadata now = producer.current();
        return now == null
                ? new DescribeResult(Errors.TRANSACTIONAL_ID_NOT_FOUND, null)
                : new DescribeResult(Errors.NONE, now);
    }

    @Override
    public Optional<Long> nextDeadline() {
        long next = Math.min(producer.patienceEndsMs(), completion.nextDueMs());
        return next == Markers.NEVER ? Optional.empty() : Optional.of(next);
    }

    /** The transaction that accepts records now; empty as soon as a record that ends it is in flight. */
    public Optional<Ongoing> ongoing() {
        TransactionMetadata now = producer.current();
        return now == null || !producer.staysOngoing()
                ? Optional.empty()
                : Optional.of(new Ongoing(now.producerId(), now.producerEpoch(), now.partitions()));
    }

    private boolean hasExpired(Now now) {
        TransactionMetadata stored = producer.current();
        return isIdle() && stored != null && now.epochMs() - stored.updateMs() >= settings.idExpirationMs();
    }

    /** Only an expiry changes an idle transactional id; an id with an open transaction is not idle. */
    @Override
    public boolean concerns(TransactionCommand command, Now now) {
        return command instanceof Expire && hasExpired(now);
    }

    @Override
    public boolean hasWork() {
        return !isIdle();
    }

    /** Whether no transaction is open or incomplete, and no request waits. */
    @Override
    public boolean isIdle() {
        return !producer.isOngoing() && !producer.isPrepared() && producer.nobodyWaits();
    }

    @Override
    public boolean isVacant() {
        return producer.current() == null && isIdle();
    }

    @Override
    public long heapBytes() {
        TransactionMetadata now = producer.current();
        return HEAP_BYTES
                + TextHeap.of(id())
                + (now == null ? 0 : now.partitions().size() * PARTITION_BYTES);
    }

    @Override
    public Optional<TransactionListing> listing() {
        TransactionMetadata now = producer.current();
        return now == null
                ? Optional.empty()
                : Optional.of(new TransactionListing(id(), now.producerId(), now.state(), now.startMs()));
    }

    /** The latest durable record, null if there is none. */
    @Nullable
    TransactionMetadata stored() {
        return producer.current();
    }
}
