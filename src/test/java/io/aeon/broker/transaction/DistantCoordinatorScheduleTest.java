package io.aeon.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.transaction.TransactionAdmission.Answer;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A coordinator on another broker: questions, answers and markers travel, and overtake each other. Each leader gets the
 * markers of its partition in their order.
 */
class DistantCoordinatorScheduleTest {
    private static final int SCHEDULES = 1000;
    private static final int STEPS = 80;
    private static final long PRODUCER = 7;
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition("t", 0), new TopicPartition("t", 1));

    private static final class World {
        private final Random random;
        private final boolean epochPerTransaction;
        private final TransactionalAppends appends =
                new TransactionalAppends(this::arrive, this::question, partition -> leaderEpoch());
        private final List<Runnable> questions = new ArrayList<>();
        private final List<Runnable> answers = new ArrayList<>();
        private final List<Marker> markers = new ArrayList<>();
        private final List<CompletableFuture<AppendResult>> replies = new ArrayList<>();
        /** The transaction whose records a partition may take, from its addition to its marker. */
        private final Map<TopicPartition, Integer> open = new HashMap<>();

        private final Set<TopicPartition> added = new HashSet<>();
        private final List<String> misplaced = new ArrayList<>();
        private int transaction;
        private short epoch;
        private boolean decided;
        private int leaderEpoch;
        private int arrived;

        World(long seed, boolean epochPerTransaction) {
            random = new Random(seed);
            this.epochPerTransaction = epochPerTransaction;
        }

        private int leaderEpoch() {
            return leaderEpoch;
        }

        private void arrive(TopicPartition partition, PartitionCommand command) {
            Append append = (Append) command;
            int of = append.batches().getInt();
            if (open.getOrDefault(partition, -1) != of) {
                misplaced.add("a record of transaction " + of + " in " + partition + ", open: " + open);
            }
            append.reply().complete(new AppendResult(0, 0, 0));
            arrived++;
        }

        private CompletableFuture<Answer> question(TransactionalWriter writer, TopicPartition partition) {
            CompletableFuture<Answer> reply = new CompletableFuture<>();
            questions.add(() -> {
                Errors error = admit(writer, partition);
                answers.add(() -> reply.complete(new Answer(error, false)));
            });
            return reply;
        }

        private Errors admit(TransactionalWriter writer, TopicPartition partition) {
            if (writer.producerEpoch() != epoch) {
                return Errors.PRODUCER_FENCED;
            }
            if (decided) {
                return Errors.CONCURRENT_TRANSACTIONS;
            }
            if (writer.admission() == Admission.ADDED) {
                add(partition);
            }
            return added.contains(partition) ? Errors.NONE : Errors.TRANSACTION_ABORTABLE;
        }

        private void add(TopicPartition partition) {
            added.add(partition);
            open.put(partition, transaction);
        }

        /** A producer without an epoch per transaction adds the partition itself, which waits for the markers. */
        private void append() {
            TopicPartition partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
            if (!epochPerTransaction) {
                if (decided) {
                    return;
                }
                add(partition);
            }
            CompletableFuture<AppendResult> reply = new CompletableFuture<>();
            replies.add(reply);
            ByteBuffer batch = ByteBuffer.allocate(Integer.BYTES)
                    .putInt(decided ? transaction + 1 : transaction)
                    .flip();
            Admission admission = epochPerTransaction ? Admission.ADDED : Admission.VERIFIED;
            appends.append(
                    new TransactionalWriter("id", PRODUCER, epoch, admission),
                    partition,
                    new Append(batch, Acks.ALL, reply));
        }

        private void decide() {
            decided = true;
            epoch = (short) (epoch + (epochPerTransaction ? 1 : 0));
            added.forEach(partition ->
                    markers.add(new Marker(partition, PRODUCER, epoch, true, (short) (epochPerTransaction ? 2 : 0))));
            added.clear();
        }

        private void mark() {
            Marker marker = markers.remove(random.nextInt(markers.size()));
            appends.end(marker);
            open.remove(marker.partition());
        }

        private void begin() {
            decided = false;
            transaction++;
        }

        private void change() {
            leaderEpoch++;
            appends.leadersChanged();
        }

        private void one(List<Runnable> of) {
            if (!of.isEmpty()) {
                of.remove(random.nextInt(of.size())).run();
            }
        }

        int run() {
            for (int step = 0; step < STEPS; step++) {
                int choice = random.nextInt(20);
                if (choice < 7) {
                    append();
                } else if (choice < 11) {
                    one(questions);
                } else if (choice < 15) {
                    one(answers);
                } else if (choice < 16) {
                    change();
                } else if (!decided) {
                    decide();
                } else if (!markers.isEmpty()) {
                    mark();
                } else {
                    begin();
                }
            }
            while (!questions.isEmpty() || !answers.isEmpty()) {
                one(questions);
                one(answers);
            }
            assertThat(misplaced).isEmpty();
            assertThat(replies).allMatch(CompletableFuture::isDone);
            return arrived;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recordArrivesOnlyBeforeTheMarkerOfItsTransaction(boolean epochPerTransaction) {
        long first = Long.getLong("seed", System.nanoTime());
        int arrived = 0;
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            arrived += run(seed, epochPerTransaction);
        }
        assertThat(arrived).as("records that arrived").isGreaterThan(SCHEDULES);
    }

    private static int run(long seed, boolean epochPerTransaction) {
        try {
            return new World(seed, epochPerTransaction).run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("run(" + seed + "L, " + epochPerTransaction + ") fails", e);
        }
    }
}
