package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.TransactionCommand.Expected;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The id and epoch with which a producer starts (KIP-98, KIP-360). */
final class Beginnings {
    private Beginnings() {}

    static Errors check(@Nullable TransactionMetadata current, InitProducer init, TransactionSettings settings) {
        if (init.timeoutMs() <= 0 || init.timeoutMs() > settings.maxTimeoutMs()) {
            return Errors.INVALID_TRANSACTION_TIMEOUT;
        }
        Expected expected = init.expected();
        if (current == null || expected == null) {
            return Errors.NONE;
        }
        boolean settled =
                !current.is(TransactionState.ONGOING) && !current.state().isPrepared();
        return isKnown(current, expected) && (!settled || epochFits(current, expected))
                ? Errors.NONE
                : Errors.PRODUCER_FENCED;
    }

    /** The previous id is also known if its epochs were used up: the answer with the new id may have been lost. */
    private static boolean isKnown(TransactionMetadata current, Expected expected) {
        return expected.producerId() == current.producerId()
                || (expected.producerId() == current.previousProducerId()
                        && TransactionMetadata.isExhausted(expected.producerEpoch()));
    }

    private static boolean epochFits(TransactionMetadata current, Expected expected) {
        return expected.producerEpoch() == current.producerEpoch()
                || expected.producerEpoch() == current.lastProducerEpoch();
    }

    private static boolean repeats(TransactionMetadata current, @Nullable Expected expected) {
        return expected != null && expected.producerEpoch() != current.producerEpoch();
    }

    static boolean needsProducerId(@Nullable TransactionMetadata current, InitProducer init) {
        return current == null
                || (TransactionMetadata.isExhausted(current.producerEpoch()) && !repeats(current, init.expected()));
    }

    /** @param freshId a new producer id, used if {@link #needsProducerId} */
    static TransactionMetadata next(@Nullable TransactionMetadata current, InitProducer init, long freshId, Now now) {
        if (current == null) {
            return TransactionMetadata.first(freshId, init.timeoutMs(), now.epochMs());
        }
        boolean sameProducer = init.expected() != null;
        if (needsProducerId(current, init)) {
            return current.rotated(freshId, sameProducer, init.timeoutMs(), now.epochMs());
        }
        if (repeats(current, init.expected())) {
            return current.begun(current.producerEpoch(), current.lastProducerEpoch(), init.timeoutMs(), now.epochMs());
        }
        short last = sameProducer ? current.producerEpoch() : TransactionMetadata.NO_EPOCH;
        return current.begun((short) (current.producerEpoch() + 1), last, init.timeoutMs(), now.epochMs());
    }
}
