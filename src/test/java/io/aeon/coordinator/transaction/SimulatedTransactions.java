package io.aeon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.transaction.TransactionCommand.AbortTimedOut;
import io.aeon.coordinator.transaction.TransactionCommand.AppendFailed;
import io.aeon.coordinator.transaction.TransactionCommand.Appended;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerWritten;
import io.aeon.coordinator.transaction.TransactionCommand.ProducerIdGiven;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Two producers with one transactional id, their coordinator and three partitions. Messages in flight may be late,
 * repeated or lost, and the broker may crash at any step.
 */
final class SimulatedTransactions {
    static final List<TopicPartition> PARTITIONS = List.of(
            new TopicPartition("a", 0), new TopicPartition("b", 0), new TopicPartition("__consumer_offsets", 7));
    private static final TransactionRecordFormat FORMAT = TransactionRecordFormat.ofLevel((short) 2);
    private static final TransactionSettings SETTINGS = new TransactionSettings(60_000, 1_000_000, 300);

    final Random random;
    private final List<TransactionRecord> log = new ArrayList<>();
    private final Map<TopicPartition, SimulatedPartition> partitions = new HashMap<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private final Set<Integer> committed = new HashSet<>();
    private final Set<Integer> aborted = new HashSet<>();
    private TransactionalProducer producer = new TransactionalProducer("id", SETTINGS);
    private Now now = new Now(1_700_000_000_000L, 0);
    private long lastProducerId;
    private int lastTransaction;
    private int life;
    private boolean calm;

    SimulatedTransactions(long seed) {
        random = new Random(seed);
        PARTITIONS.forEach(partition -> partitions.put(partition, new SimulatedPartition()));
    }

    /** Usually one producer works; sometimes the other producer takes over, or acts as if it were still active. */
    void run(int steps) {
        List<SimulatedProducer> producers = List.of(new SimulatedProducer(this, 2), new SimulatedProducer(this, 0));
        int atWork = random.nextInt(2);
        for (int i = 0; i < steps; i++) {
            int dice = random.nextInt(1000);
            if (dice < 300) {
                producers.get(atWork).act();
            } else if (dice < 310) {
                producers.get(1 - atWork).act();
            } else if (dice < 900) {
                deliver();
            } else if (dice < 980) {
                pass(random.nextInt(100));
            } else if (dice < 985) {
                step(new AbortTimedOut());
            } else if (dice < 995) {
                crash();
            } else {
                atWork = 1 - atWork;
            }
        }
        settle();
        check();
    }

    /** No message is lost any more, and no transaction begins. */
    private void settle() {
        calm = true;
        for (int i = 0; i < 50; i++) {
            while (!underWay.isEmpty()) {
                deliver();
            }
            pass(2000);
            step(new AbortTimedOut());
        }
        assertThat(underWay).isEmpty();
    }

    private void check() {
        assertThat(producer.listing().map(TransactionListing::state).orElse(TransactionState.DEAD))
                .isNotIn(TransactionState.ONGOING, TransactionState.PREPARE_ABORT, TransactionState.PREPARE_COMMIT);
        assertThat(committed).noneMatch(aborted::contains);
        Map<Integer, Set<Boolean>> outcomes = new HashMap<>();
        partitions.values().forEach(partition -> {
            assertThat(partition.open()).isEmpty();
            partition
                    .outcomes()
                    .forEach((tag, commit) -> outcomes.computeIfAbsent(tag, absent -> new HashSet<>())
                            .add(commit));
        });
        outcomes.forEach((tag, seen) ->
                assertThat(seen).as("all or nothing of transaction %d", tag).hasSize(1));
        committed.forEach(tag -> assertThat(outcomes.getOrDefault(tag, Set.of(true)))
                .as("transaction %d was told to be committed", tag)
                .containsExactly(true));
        aborted.forEach(tag -> assertThat(outcomes.getOrDefault(tag, Set.of(false)))
                .as("transaction %d was told to be aborted", tag)
                .containsExactly(false));
    }

    int nextTransaction() {
        return ++lastTransaction;
    }

    void told(int transaction, boolean commit) {
        (commit ? committed : aborted).add(transaction);
    }

    int ended() {
        return committed.size() + aborted.size();
    }

    boolean loses() {
        return !calm && random.nextInt(10) == 0;
    }

    /** A message in flight: it may be lost or delivered twice. */
    void send(Runnable delivery) {
        if (calm || random.nextInt(10) > 0) {
            underWay.add(delivery);
        }
        if (!calm && random.nextInt(10) == 0) {
            underWay.add(delivery);
        }
    }

    private void deliver() {
        if (!underWay.isEmpty()) {
            underWay.remove(random.nextInt(underWay.size())).run();
        }
    }

    private void pass(long ms) {
        now = new Now(now.epochMs() + ms, now.elapsedMs() + ms);
        carryOut(producer.tick(now));
    }

    private void crash() {
        life++;
        producer = new TransactionalProducer("id", SETTINGS);
        log.forEach(record -> producer.replay(record, -1, 0));
        carryOut(producer.start(now));
    }

    void step(TransactionCommand command) {
        carryOut(producer.step(command, now));
        assertReplayEqualsState();
    }

    private void carryOut(TransactionEffects effects) {
        effects.markers().forEach(this::sendMarker);
        effects.replies().forEach(Reply::send);
        int sentIn = life;
        if (effects.wantsProducerId()) {
            underWay.add(() -> inLife(sentIn, new ProducerIdGiven(++lastProducerId)));
        }
        TransactionRecord record = effects.record();
        if (record != null) {
            underWay.add(() -> store(record, sentIn));
        }
    }

    /** The record as it is read back from the log. */
    private static TransactionRecord written(TransactionRecord record) {
        return FORMAT.decode(FORMAT.key(record), FORMAT.value(record)).orElseThrow();
    }

    private void assertReplayEqualsState() {
        TransactionMetadata live = producer.stored();
        TransactionMetadata replayed =
                log.isEmpty() ? null : log.get(log.size() - 1).value();
        assertThat(
                        live == null
                                ? null
                                : written(new TransactionRecord("id", live)).value())
                .isEqualTo(replayed);
    }

    /** Records in flight at a crash of the broker may be durable or lost. */
    private void store(TransactionRecord record, int sentIn) {
        if (sentIn == life && (calm || random.nextInt(20) > 0)) {
            log.add(written(record));
            if (calm || random.nextInt(20) > 0) {
                step(new Appended());
            } else {
                crash();
            }
        } else if (sentIn == life) {
            step(new AppendFailed(Errors.KAFKA_STORAGE_ERROR));
        }
    }

    /**
     * Markers that the partitions have not received are lost with the broker, or arrive late if the partitions can
     * detect that.
     */
    private void sendMarker(Marker marker) {
        int sentIn = life;
        boolean lost = !calm && random.nextInt(4) == 0;
        underWay.add(() -> {
            if (!lost && (sentIn == life || marker.transactionVersion() == 2)) {
                partitions.get(marker.partition()).end(marker);
            }
            boolean answered = !lost && (calm || random.nextInt(4) > 0);
            inLife(
                    sentIn,
                    answered
                            ? new MarkerWritten(marker.partition())
                            : new MarkerFailed(marker.partition(), Errors.REQUEST_TIMED_OUT));
        });
    }

    private void inLife(int sentIn, TransactionCommand command) {
        if (sentIn == life) {
            step(command);
        }
    }

    /** A write that the broker permits only if the transaction is open in this partition. */
    boolean write(TopicPartition partition, InitResult who, int transaction) {
        boolean open = producer.ongoing()
                .filter(ongoing -> ongoing.producerId() == who.producerId()
                        && ongoing.producerEpoch() == who.producerEpoch()
                        && ongoing.partitions().contains(partition))
                .isPresent();
        return open && partitions.get(partition).write(who, transaction);
    }
}
