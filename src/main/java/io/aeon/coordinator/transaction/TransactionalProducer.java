package io.aeon.coordinator.transaction;

import io.aeon.coordinator.AppendErrors;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
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
import io.aeon.coordinator.transaction.TransactionCommand.Tick;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/**
 * One transactional id, as a state machine: a command and the time in, records, markers and replies out. What is stored
 * of it changes only when its record is durable, here as in {@link #replay}. Requests are served one after the other;
 * those that need the transaction before to be complete wait for it a while.
 *
 * <p>A transaction is complete only when every marker is durable in every partition that still exists, however long that
 * takes and however often the broker starts anew meanwhile.
 *
 * <p>Not thread-safe. An exception leaves it unusable: refuse those who wait and replay it from the log.
 */
public final class TransactionalProducer {
    private final TransactionSettings settings;
    private final Standing producer;
    private final Requests requests;
    private final Completion completion;

    /** A transactional id that does not exist; records or a first request bring it to life. */
    public TransactionalProducer(String transactionalId, TransactionSettings settings) {
        this.settings = settings;
        this.producer = new Standing(transactionalId, settings.patienceMs());
        this.requests = new Requests(producer, settings);
        this.completion = new Completion(producer);
    }

    public String transactionalId() {
        return producer.transactionalId;
    }

    /** Takes in the next record read from the log. Only before {@link #start}. */
    public void replay(TransactionRecord record) {
        producer.restore(record.value());
    }

    /** Begins to serve after a replay: what was decided is carried out. */
    public Effects start(Now now) {
        Turn turn = new Turn(now);
        completion.begin(turn);
        return turn.effects();
    }

    public Effects step(TransactionCommand command, Now now) {
        Turn turn = new Turn(now);
        if (command instanceof Describe describe) {
            turn.reply(describe.reply(), describe());
        } else if (command instanceof Request<?> request) {
            producer.queue().add(request);
        } else {
            happen(turn, command);
        }
        while (!producer.isBusy() && !producer.queue().isEmpty()) {
            requests.serve(turn, producer.queue().remove());
        }
        return turn.effects();
    }

    private void happen(Turn turn, TransactionCommand command) {
        if (command instanceof Appended) {
            settle(turn, Errors.NONE);
        } else if (command instanceof AppendFailed failed) {
            settle(turn, AppendErrors.forClient(failed.error()));
        } else if (command instanceof MarkerWritten written) {
            completion.written(turn, written.partition());
        } else if (command instanceof MarkerFailed failed) {
            completion.failed(turn, failed);
        } else if (command instanceof ProducerIdGiven given) {
            producer.producerIdGiven(given.id());
        } else if (command instanceof ProducerIdRefused refused) {
            producer.producerIdRefused(turn, refused.error());
        } else if (command instanceof Tick) {
            producer.refuseImpatient(turn);
            completion.tick(turn);
        } else if (command instanceof AbortTimedOut) {
            abortTimedOut(turn);
        } else if (command instanceof Expire && hasExpired(turn.now())) {
            turn.note("expired");
            producer.append(turn, null, (later, error) -> {});
        }
    }

    private void settle(Turn turn, Errors error) {
        if (producer.settle(turn, error)) {
            completion.begin(turn);
        }
    }

    private void abortTimedOut(Turn turn) {
        TransactionMetadata open = producer.current();
        if (open != null
                && producer.isOngoing()
                && !producer.isBusy()
                && turn.now().epochMs() - open.startMs() > open.timeoutMs()) {
            turn.note("a transaction has lasted longer than " + open.timeoutMs() + " ms and is aborted");
            requests.abort(turn, open);
        }
    }

    private DescribeResult describe() {
        TransactionMetadata now = producer.current();
        return now == null
                ? new DescribeResult(Errors.TRANSACTIONAL_ID_NOT_FOUND, null)
                : new DescribeResult(Errors.NONE, now);
    }

    /** When to send {@link Tick}, in {@link Now#elapsedMs}; it may come too early. Empty: not at all. */
    public Optional<Long> nextDeadline() {
        long next = Math.min(producer.patienceEndsMs(), completion.nextDueMs());
        return next == Markers.NEVER ? Optional.empty() : Optional.of(next);
    }

    /** The transaction that takes records now, empty from the moment on that its end is under way. */
    public Optional<Ongoing> ongoing() {
        TransactionMetadata now = producer.current();
        return now == null || !producer.staysOngoing()
                ? Optional.empty()
                : Optional.of(new Ongoing(now.producerId(), now.producerEpoch(), now.partitions()));
    }

    /** Whether {@link Expire} would remove it. */
    public boolean hasExpired(Now now) {
        TransactionMetadata stored = producer.current();
        return isIdle() && stored != null && now.epochMs() - stored.updateMs() >= settings.idExpirationMs();
    }

    /** No transaction is open or on its way to completion, and nobody waits: all there is of it is in the log. */
    public boolean isIdle() {
        return !producer.isOngoing() && !producer.isPrepared() && producer.nobodyWaits();
    }

    /** The transactional id is not there, neither here nor in the log. */
    public boolean isVacant() {
        return producer.current() == null && isIdle();
    }

    public TransactionListing listing() {
        TransactionMetadata now = producer.current();
        return now == null
                ? new TransactionListing(transactionalId(), TransactionMetadata.NO_ID, TransactionState.DEAD, -1)
                : new TransactionListing(transactionalId(), now.producerId(), now.state(), now.startMs());
    }

    /** Answers all who wait, for it stops serving. */
    public List<Reply<?>> abandon(Errors error, Now now) {
        Turn turn = new Turn(now);
        producer.refuseAll(turn, error);
        return turn.effects().replies();
    }
}
