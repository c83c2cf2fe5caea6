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

/** Serves the requests of producers, one after the other. */
final class Requests {
    private final Standing producer;
    private final TransactionSettings settings;

    Requests(Standing producer, TransactionSettings settings) {
        this.producer = producer;
        this.settings = settings;
    }

    void serve(Turn turn, Request<?> request) {
        if (request instanceof InitProducer init) {
            begin(turn, init);
        } else if (request instanceof AddPartitions add) {
            add(turn, add);
        } else if (request instanceof VerifyPartition verify) {
            verify(turn, verify);
        } else if (request instanceof EndTransaction end) {
            end(turn, end);
        }
    }

    private void begin(Turn turn, InitProducer init) {
        TransactionMetadata before = producer.current();
        Errors refusal = Beginnings.check(before, init, settings);
        if (refusal != Errors.NONE) {
            turn.refuse(init, refusal);
        } else if (producer.isPrepared()) {
            producer.hold(turn, init);
        } else if (before != null && producer.isOngoing()) {
            turn.note("a producer begins while a transaction is open, which is aborted");
            producer.hold(turn, init);
            abort(turn, before);
        } else if (!Beginnings.needsProducerId(before, init) || producer.takesProducerId(turn, init)) {
            TransactionMetadata next = Beginnings.next(before, init, producer.spareProducerId(), turn.now());
            producer.append(
                    turn,
                    next,
                    (later, error) -> later.reply(
                            init.reply(),
                            error == Errors.NONE
                                    ? new InitResult(error, next.producerId(), next.producerEpoch())
                                    : init.refusal(error)));
        }
    }

    /** Ends the open transaction, and with it the epoch of its producer. */
    void abort(Turn turn, TransactionMetadata open) {
        producer.append(turn, open.fenced(turn.now().epochMs()), (later, error) -> {
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

    private void add(Turn turn, AddPartitions add) {
        Errors refusal = identify(add.producerId(), add.producerEpoch());
        TransactionMetadata before = producer.current();
        if (refusal != Errors.NONE || before == null) {
            turn.refuse(add, refusal);
        } else if (producer.isPrepared()) {
            producer.hold(turn, add);
        } else {
            add(turn, before, together(add));
        }
    }

    private void add(Turn turn, TransactionMetadata before, List<AddPartitions> together) {
        Set<TopicPartition> added = new HashSet<>();
        together.forEach(each -> added.addAll(each.partitions()));
        if (producer.isOngoing() && before.partitions().containsAll(added)) {
            together.forEach(each -> turn.reply(each.reply(), Errors.NONE));
        } else {
            short version = together.get(0).clientVersion();
            producer.append(
                    turn,
                    before.with(added, version, turn.now().epochMs()),
                    (later, error) -> together.forEach(each -> later.reply(each.reply(), error)));
        }
    }

    /** One record serves all that the same producer has asked to add meanwhile. */
    private List<AddPartitions> together(AddPartitions first) {
        List<AddPartitions> all = new ArrayList<>(List.of(first));
        while (producer.queue().peek() instanceof AddPartitions next
                && next.producerId() == first.producerId()
                && next.producerEpoch() == first.producerEpoch()
                && next.clientVersion() == first.clientVersion()) {
            all.add(next);
            producer.queue().remove();
        }
        return all;
    }

    private void verify(Turn turn, VerifyPartition verify) {
        Errors refusal = identify(verify.producerId(), verify.producerEpoch());
        TransactionMetadata now = producer.current();
        if (refusal != Errors.NONE || now == null) {
            turn.refuse(verify, refusal);
        } else if (producer.isPrepared()) {
            turn.refuse(verify, Errors.CONCURRENT_TRANSACTIONS);
        } else {
            boolean in = now.partitions().contains(verify.partition());
            turn.reply(verify.reply(), in ? Errors.NONE : Errors.TRANSACTION_ABORTABLE);
        }
    }

    private void end(Turn turn, EndTransaction end) {
        TransactionMetadata before = producer.current();
        Verdict verdict = before == null ? Verdict.UNKNOWN_PRODUCER : Verdict.on(before, end);
        if (verdict.error() != Errors.NONE || before == null) {
            turn.refuse(end, verdict.error());
        } else if (verdict == Verdict.AWAIT) {
            producer.hold(turn, end);
        } else if (verdict == Verdict.REPEAT) {
            turn.reply(end.reply(), new EndResult(Errors.NONE, before.producerId(), before.producerEpoch()));
        } else {
            decide(turn, before, end);
        }
    }

    private void decide(Turn turn, TransactionMetadata before, EndTransaction end) {
        boolean rotates = end.bumpsEpoch() && TransactionMetadata.isExhausted(before.producerEpoch());
        if (rotates && !producer.takesProducerId(turn, end)) {
            return;
        }
        long nextId = rotates ? producer.spareProducerId() : TransactionMetadata.NO_ID;
        TransactionMetadata next = before.decided(
                end.commit(), end.clientVersion(), nextId, turn.now().epochMs());
        producer.append(
                turn,
                next,
                (later, error) -> later.reply(end.reply(), error == Errors.NONE ? ended(next) : end.refusal(error)));
    }

    private static EndResult ended(TransactionMetadata decided) {
        return decided.nextProducerId() == TransactionMetadata.NO_ID
                ? new EndResult(Errors.NONE, decided.producerId(), decided.producerEpoch())
                : new EndResult(Errors.NONE, decided.nextProducerId(), (short) 0);
    }
}
