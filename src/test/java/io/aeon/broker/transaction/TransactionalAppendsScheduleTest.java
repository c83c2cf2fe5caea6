package io.aeon.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.transaction.TransactionAdmission.Answer;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.transaction.Ongoing;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.VerifyPartition;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Appends, answers, starts and ends of transactions in random order, as threads may cause it. */
class TransactionalAppendsScheduleTest {
    private static final int SCHEDULES = 1000;
    private static final int STEPS = 60;
    private static final long PRODUCER = 7;
    private static final TopicPartition A = new TopicPartition("t", 0);
    private static final TopicPartition B = new TopicPartition("t", 1);

    private static final class World {
        private final Random random;
        private final Deque<VerifyPartition> asked = new ArrayDeque<>();
        private final List<CompletableFuture<AppendResult>> replies = new ArrayList<>();
        private final Map<String, Integer> last = new HashMap<>();
        private final TransactionCoordinators coordinators =
                new TransactionCoordinators(command -> asked.add(verification(command)), task -> () -> {});
        private final TransactionalAppends appends = new TransactionalAppends(
                this::arrive,
                (writer, partition) ->
                        coordinators.admit(writer, partition).thenApply(error -> new Answer(error, true)),
                partition -> 0);
        private final List<Integer> misplaced = new ArrayList<>();
        private @Nullable Ongoing open;
        private int arrived;

        private static VerifyPartition verification(
                CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing> command) {
            return (VerifyPartition)
                    ((Deliver<TransactionCommand, TransactionEffects, TransactionListing>) command).command();
        }

        World(long seed) {
            random = new Random(seed);
        }

        private void arrive(TopicPartition partition, PartitionCommand command) {
            Append append = (Append) command;
            short epoch = append.batches().getShort();
            int number = append.batches().getInt();
            Integer before = last.put(partition + "/" + epoch, number);
            boolean inTransaction = open != null
                    && open.producerEpoch() == epoch
                    && open.partitions().contains(partition);
            if (!inTransaction || (before != null && before > number)) {
                misplaced.add(number);
            }
            append.reply().complete(new AppendResult(0, 0, 0));
            arrived++;
        }

        int run() {
            for (int number = 0; number < STEPS; number++) {
                int choice = random.nextInt(10);
                if (choice < 5) {
                    append(number);
                } else if (choice < 8) {
                    answer();
                } else if (choice == 8 && open == null) {
                    open = new Ongoing(PRODUCER, epoch(), random.nextBoolean() ? Set.of(A) : Set.of(A, B));
                    appends.open(open);
                } else {
                    open = null;
                    appends.close(PRODUCER);
                }
            }
            while (!asked.isEmpty()) {
                answer();
            }
            assertThat(misplaced).isEmpty();
            assertThat(replies).allMatch(CompletableFuture::isDone);
            return arrived;
        }

        private short epoch() {
            return (short) random.nextInt(2);
        }

        private void append(int number) {
            short epoch = epoch();
            ByteBuffer batch = ByteBuffer.allocate(Short.BYTES + Integer.BYTES)
                    .putShort(epoch)
                    .putInt(number)
                    .flip();
            CompletableFuture<AppendResult> reply = new CompletableFuture<>();
            replies.add(reply);
            appends.append(
                    new TransactionalWriter("id", PRODUCER, epoch, Admission.VERIFIED),
                    random.nextBoolean() ? A : B,
                    new Append(batch, Acks.ALL, reply));
        }

        private void answer() {
            VerifyPartition question = asked.poll();
            if (question != null) {
                question.reply().complete(random.nextInt(4) == 0 ? Errors.TRANSACTION_ABORTABLE : Errors.NONE);
            }
        }
    }

    @Test
    void recordArrivesOnlyInItsOpenTransactionAndInOrder() {
        long first = Long.getLong("seed", System.nanoTime());
        int arrived = 0;
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            arrived += run(seed);
        }
        assertThat(arrived).as("records that arrived").isGreaterThan(SCHEDULES);
    }

    private static int run(long seed) {
        try {
            return new World(seed).run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("run(" + seed + "L) fails", e);
        }
    }
}
