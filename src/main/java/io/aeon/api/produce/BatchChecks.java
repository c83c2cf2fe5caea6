package io.aeon.api.produce;

import io.aeon.api.ClientConnection;
import io.aeon.protocol.Allowance;
import io.aeon.protocol.BatchRules;
import io.aeon.protocol.BatchValidator;
import io.aeon.protocol.ProducedBatch;
import io.aeon.protocol.ValidatedBatch;
import io.aeon.threads.FairExecutor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Validates the batches of one request. Batches that decompress to few bytes are validated at once. Each longer batch
 * takes a turn of its connection, and then later batches of the connection wait for it, so that all keep their order.
 */
final class BatchChecks {
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

    private final FairExecutor turns;
    private final ClientConnection connection;
    private final boolean isAwaited;
    private final GrownBatches grown;
    private final long now;
    private final Allowance allowance = Allowance.ofRequest();

    /**
     * @param turns runs the validation of long batches; each connection is an owner
     * @param isAwaited whether the client waits for the result; if so, the batches of a client that is gone are dropped
     * @param grown heap for batches that have become larger by their topic's codec
     * @param now the time with which timestamps are compared, milliseconds since the epoch
     */
    BatchChecks(FairExecutor turns, ClientConnection connection, boolean isAwaited, GrownBatches grown, long now) {
        this.turns = turns;
        this.connection = connection;
        this.isAwaited = isAwaited;
        this.grown = grown;
        this.now = now;
    }

    /** Receives the result of one batch, on any thread. */
    interface Result {
        /** Returns when the append is complete. */
        CompletionStage<?> valid(ValidatedBatch batch);

        void refused(Throwable cause);
    }

    void check(ProducedBatch produced, BatchRules rules, Result result) {
        Optional<ValidatedBatch> valid = turns.isBusy(connection)
                ? Optional.empty()
                : BatchValidator.validateAtOnce(produced, rules, now, allowance);
        if (valid.isPresent()) {
            var unused = result.valid(valid.get());
        } else {
            turns.execute(connection, () -> checkLong(produced, rules, result));
        }
    }

    private CompletionStage<?> checkLong(ProducedBatch produced, BatchRules rules, Result result) {
        try {
            if (isAwaited && connection.hasEnded()) {
                throw new TimeoutException("The connection has ended.");
            }
            int sent = produced.bytes().remaining();
            ValidatedBatch valid = BatchValidator.validate(produced, rules, now);
            long more = Math.max(0, valid.bytes().remaining() - sent);
            return grown.claim(more).thenRun(() -> append(valid, more, result));
        } catch (OutOfMemoryError e) {
            result.refused(e);
            throw e;
        } catch (RuntimeException | Error e) {
            result.refused(e);
            return DONE;
        }
    }

    private void append(ValidatedBatch batch, long more, Result result) {
        try {
            result.valid(batch).whenComplete((done, failure) -> grown.release(more));
        } catch (RuntimeException | Error e) {
            grown.release(more);
            result.refused(e);
        }
    }
}
