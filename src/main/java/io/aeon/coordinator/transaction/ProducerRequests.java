package io.aeon.coordinator.transaction;

import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import io.aeon.coordinator.transaction.TransactionCommand.VerifyPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/** Serves the requests of producers, one at a time. */
final class ProducerRequests {
    private final TransactionalIdState producer;
    private final TransactionSettings settings;

    ProducerRequests(TransactionalIdState producer, TransactionSettings settings) {
        this.producer = producer;
        this.settings = settings;
    }

    /** Serves a request; its answer is an effect of this step or of a later one. */
    void serve(TransactionStep step, Request<?> request) {
        if (request instanceof InitProducer init) {
            begin(step, init);
        } else if (request instanceof AddPartitions add) {
            add(step, add);
        } else if (request instanceof VerifyPartition verify) {
            verify(step, verify);
        } else if (request instanceof EndTransaction end) {
            end(step, end);
        } else {
            step.refuse(request, Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    private void begin(TransactionStep step, InitProducer init) {
        TransactionMetadata before = producer.current();
        Errors refusal = Beginnings.check(before, init, settings);
        if (refusal != Errors.NONE) {
            step.refuse(init, refusal);
        } else if (producer.isPrepared()) {
            producer.hold(step, init);
        } else if (before != null && producer.isOngoing()) {
            if (!TransactionMetadata.isExhausted(before.producerEpoch()) || producer.takesProducerId(step, init)) {
                step.note(
                        Level.INFO,
                        "the open transaction is aborted, because a producer starts with its transactional id");
                producer.hold(step, init);
                abort(step, before);
            }
        } else if (!Beginnings.needsProducerId(before, init) || producer.takesProducerId(step, init)) {
            TransactionMetadata next = Beginnings.next(before, init, producer.spareProducerId(), step.now());
            producer.append(
                    step,
                    next,
                    (later, error) -> later.reply(
                            init.reply(),
                            error == Errors.NONE
                                    ? new InitResult(error, next.producerId(), next.producerEpoch())
                                    : init.refusal(error)));
        }
    }

    /** Aborts a transaction that is past its timeout; if the abort needs a new producer id, waits for it. */
    void abortTimedOut(TransactionStep step, TransactionMetadata open) {
        if (TransactionMetadata.isExhausted(open.producerEpoch()) && !producer.hasProducerId()) {
            step.wantProducerId();
            return;
        }
        step.note(
                Level.INFO,
                "the open transaction is aborted, because it exceeded its timeout of " + open.timeoutMs() + " ms");
        abort(step, open);
    }

    /** Aborts the open transaction and ends the epoch of its producer. */
    private void abort(TransactionStep step, TransactionMetadata open) {
        long nextId = TransactionMetadata.isExhausted(open.producerEpoch())
                ? producer.spareProducerId()
                : TransactionMetadata.NO_ID;
        producer.append(
                step, open.fenced(settings.version().get(), nextId, step.now().epochMs()), (later, error) -> {
                    if (error != Errors.NONE) {
                        producer.refuseHeld(later, error);
                    }
                });
    }

    private Errors identify(long producerId, short epoch) {
        TransactionMetadata now = producer.current();
        if (now == null) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        boolean rotates = producer.isPrepared() && now.nextProducerId() != TransactionMetadata.NO_ID;
        if (producerId != (rotates ? now.nextProducerId() : now.producerId())) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        return epoch == (rotates ? 0 : now.producerEpoch()) ? Errors.NONE : Errors.PRODUCER_FENCED;
    }

    private void add(TransactionStep step, AddPartitions add) {
        Errors refusal = identify(add.producerId(), add.producerEpoch());
        TransactionMetadata before = producer.current();
        if (refusal != Errors.NONE || before == null) {
            step.refuse(add, refusal);
        } else if (producer.isPrepared() && !add.mayWait()) {
            step.refuse(add, Errors.CONCURRENT_TRANSACTIONS);
        } else if (producer.isPrepared()) {
            producer.hold(step, add);
        } else {
            add(step, before, together(add));
        }
    }

    private void add(TransactionStep step, TransactionMetadata before, List<AddPartitions> together) {
        Set<TopicPartition> added = new HashSet<>();
        together.forEach(each -> added.addAll(each.partitions()));
        if (producer.isOngoing() && before.partitions().containsAll(added)) {
            together.forEach(each -> step.reply(each.reply(), Errors.NONE));
        } else {
            short version = together.get(0).clientVersion();
            producer.append(
                    step,
                    before.with(added, version, step.now().epochMs()),
                    (later, error) -> together.forEach(each -> later.reply(each.reply(), error)));
        }
    }

    /** Combines the waiting requests of the same producer, so that one record adds all their partitions. */
    private List<AddPartitions> together(AddPartitions first) {
        List<AddPartitions> all = new ArrayList<>(List.of(first));
        while (producer.firstWaiting() instanceof AddPartitions next
                && next.producerId() == first.producerId()
                && next.producerEpoch() == first.producerEpoch()
                && next.clientVersion() == first.clientVersion()) {
            all.add(next);
            producer.queue().remove();
        }
        return all;
    }

    private void verify(TransactionStep step, VerifyPartition verify) {
        Errors refusal = identify(verify.producerId(), verify.producerEpoch());
        TransactionMetadata now = producer.current();
        if (refusal != Errors.NONE || now == null) {
            step.refuse(verify, refusal);
        } else if (producer.isPrepared()) {
            step.refuse(verify, Errors.CONCURRENT_TRANSACTIONS);
        } else {
            boolean in = now.partitions().contains(verify.partition());
            step.reply(verify.reply(), in ? Errors.NONE : Errors.TRANSACTION_ABORTABLE);
        }
    }

    private void end(TransactionStep step, EndTransaction end) {
        TransactionMetadata before = producer.current();
        Verdict verdict = before == null ? Verdict.UNKNOWN_PRODUCER : Verdict.on(before, end);
        if (verdict.error() != Errors.NONE || before == null) {
            step.refuse(end, verdict.error());
        } else if (verdict == Verdict.AWAIT) {
            producer.hold(step, end);
        } else if (verdict == Verdict.REPEAT) {
            step.reply(end.reply(), new EndResult(Errors.NONE, before.producerId(), before.producerEpoch()));
        } else {
            decide(step, before, end);
        }
    }

    private void decide(TransactionStep step, TransactionMetadata before, EndTransaction end) {
        boolean rotates = end.bumpsEpoch() && TransactionMetadata.isExhausted(before.producerEpoch());
        if (rotates && !producer.takesProducerId(step, end)) {
            return;
        }
        long nextId = rotates ? producer.spareProducerId() : TransactionMetadata.NO_ID;
        TransactionMetadata next = before.decided(
                end.commit(), end.clientVersion(), nextId, step.now().epochMs());
        producer.append(
                step,
                next,
                (later, error) -> later.reply(end.reply(), error == Errors.NONE ? ended(next) : end.refusal(error)));
    }

    private static EndResult ended(TransactionMetadata decided) {
        return decided.nextProducerId() == TransactionMetadata.NO_ID
                ? new EndResult(Errors.NONE, decided.producerId(), decided.producerEpoch())
                : new EndResult(Errors.NONE, decided.nextProducerId(), (short) 0);
    }
}
