package io.aeon.coordinator.transaction;

import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A client with one request at a time, which it repeats until it is answered. A fenced client starts again, like a
 * restarted process.
 */
final class SimulatedProducer {
    private static final short EPOCH_PER_TRANSACTION = 2;

    private final SimulatedTransactions world;
    private final short version;
    private @Nullable InitResult self;
    private @Nullable Pending pending;
    private int transaction;
    private boolean written;

    SimulatedProducer(SimulatedTransactions world, int version) {
        this.world = world;
        this.version = (short) version;
    }

    /** A request that has no final answer yet. */
    private final class Pending {
        private final Consumer<Pending> request;

        Pending(Consumer<Pending> request) {
            this.request = request;
            pending = this;
            send();
        }

        void send() {
            request.accept(this);
        }

        /** Only the first answer is used; {@code consequence} returns whether it is final. */
        void answered(BooleanSupplier consequence) {
            if (pending == this && !world.loses() && consequence.getAsBoolean()) {
                pending = null;
            }
        }
    }

    void act() {
        if (pending != null) {
            pending.send();
        } else if (self == null) {
            begin();
        } else if (world.random.nextInt(3) > 0 || !written) {
            write(self);
        } else {
            end(self, world.random.nextBoolean());
        }
    }

    private static boolean isFinal(Errors error) {
        return error != Errors.CONCURRENT_TRANSACTIONS && error != Errors.NOT_COORDINATOR;
    }

    private void begin() {
        written = false;
        transaction = world.nextTransaction();
        new Pending(asked -> {
            CompletableFuture<InitResult> reply = new CompletableFuture<>();
            reply.thenAccept(result -> asked.answered(() -> {
                self = result.error() == Errors.NONE ? result : null;
                return isFinal(result.error());
            }));
            world.send(() -> world.step(new InitProducer(1000, null, reply)));
        });
    }

    private void write(InitResult who) {
        TopicPartition partition =
                SimulatedTransactions.PARTITIONS.get(world.random.nextInt(SimulatedTransactions.PARTITIONS.size()));
        int tag = transaction;
        new Pending(asked -> {
            CompletableFuture<Errors> reply = new CompletableFuture<>();
            reply.thenAccept(error -> asked.answered(() -> {
                if (error == Errors.NONE) {
                    written = true;
                    append(partition, who, tag);
                } else if (isFinal(error)) {
                    self = null;
                }
                return isFinal(error);
            }));
            world.send(() -> world.step(
                    new AddPartitions(who.producerId(), who.producerEpoch(), Set.of(partition), version, reply)));
        });
    }

    /**
     * A client of version 2 may have late batches in flight; for older clients, sequence numbers protect against them.
     */
    private void append(TopicPartition partition, InitResult who, int tag) {
        if (version == EPOCH_PER_TRANSACTION) {
            world.send(() -> world.write(partition, who, tag));
        } else {
            world.write(partition, who, tag);
        }
    }

    private void end(InitResult who, boolean commit) {
        int tag = transaction;
        new Pending(asked -> {
            CompletableFuture<EndResult> reply = new CompletableFuture<>();
            reply.thenAccept(result -> asked.answered(() -> ended(who, result, commit, tag)));
            Runnable delivery =
                    () -> world.step(new EndTransaction(who.producerId(), who.producerEpoch(), commit, version, reply));
            if (version == EPOCH_PER_TRANSACTION) {
                world.send(delivery);
            } else {
                delivery.run(); // without an epoch per transaction, a late end looks like the next one
            }
        });
    }

    private boolean ended(InitResult who, EndResult result, boolean commit, int tag) {
        if (result.error() == Errors.NONE) {
            world.told(tag, commit);
            self = version == EPOCH_PER_TRANSACTION
                    ? new InitResult(Errors.NONE, result.producerId(), result.producerEpoch())
                    : who;
            transaction = world.nextTransaction();
            written = false;
        } else if (isFinal(result.error())) {
            self = null;
        }
        return isFinal(result.error());
    }
}
