package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A proxy holds an EndTxn back until after its transaction has timed out and the next one with the same transactional
 * id has begun, then delivers it: it must not touch the next one, and whoever sent it never commits. Options:
 * {@code --hold-seconds}, {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class LateEndTxn {
    private static final int SHORT_MILLIS = 1000;
    private static final int LONG_MILLIS = 600_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final Checks checks = new Checks();
    private final long holdMillis;
    private final BrokerProcess broker;
    private final HoldingProxy proxy;
    private final Admin admin;

    private LateEndTxn(Arguments arguments, BrokerProcess broker) throws Exception {
        holdMillis = arguments.number("hold-seconds", 3) * 1000L;
        this.broker = broker;
        proxy = new HoldingProxy(broker.port());
        admin = Topics.admin(broker.bootstrap());
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("hold-seconds", "broker", "flush", "heap"));
        Path directory = Home.newRunDirectory("late-end-txn");
        Map<String, String> settings = Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200");
        LateEndTxn rig;
        try (BrokerProcess broker = BrokerProcess.start(
                Distribution.of(arguments), directory.resolve("data"), BrokerProcess.freePort(), settings)) {
            broker.awaitReady();
            rig = new LateEndTxn(arguments, broker);
            rig.run();
        }
        if (rig.checks.failed() == 0) {
            Home.delete(directory);
        }
        rig.checks.exit();
    }

    private void run() throws Exception {
        afterTimeout("newest", (port, timeout) -> new NewestClient(port, "newest", timeout, LONG_MILLIS / 2));
        afterTimeout("old", (port, timeout) -> new OldClient(port, "old", timeout));
        givenUpAndRepeated();
        proxy.close();
        admin.close();
    }

    private void afterTimeout(String name, TransactionalClient.Factory clients) throws Exception {
        Topics.create(broker.bootstrap(), name, 1, Map.of());
        try (TransactionalClient zombie = clients.connect(proxy.port(), SHORT_MILLIS)) {
            zombie.begin();
            zombie.write(name, "late");
            HoldingProxy.Hold hold = proxy.holdNext(ApiKeys.END_TXN);
            FutureTask<Void> commit = started(() -> {
                zombie.commit();
                return null;
            });
            hold.awaitCaught();
            await(name, TransactionState.COMPLETE_ABORT);
            try (TransactionalClient next = clients.connect(broker.port(), LONG_MILLIS)) {
                next.begin();
                next.write(name, "next-0");
                BrokerProcess.pause(holdMillis);
                hold.deliver();
                checks.that(failed(commit), "%s: the EndTxn that comes late is refused", name);
                checks.that(state(name) == TransactionState.ONGOING, "%s: the next transaction goes on", name);
                checks.that(failed(started(() -> again(zombie, name))), "%s: the zombie commits nothing later", name);
                next.write(name, "next-1");
                next.commit();
            }
        }
        expect(name, List.of("next-0", "next-1"));
    }

    private static Void again(TransactionalClient zombie, String topic) throws Exception {
        zombie.begin();
        zombie.write(topic, "zombie");
        zombie.commit();
        return null;
    }

    /**
     * The same producer sends its EndTxn again, has its answer, and is in its next transaction when the first one
     * comes.
     */
    private void givenUpAndRepeated() throws Exception {
        String name = "repeated";
        Topics.create(broker.bootstrap(), name, 1, Map.of());
        try (TransactionalClient producer = new NewestClient(proxy.port(), name, LONG_MILLIS, SHORT_MILLIS)) {
            producer.begin();
            producer.write(name, "first");
            HoldingProxy.Hold hold = proxy.holdNext(ApiKeys.END_TXN);
            producer.commit();
            hold.awaitCaught();
            producer.begin();
            producer.write(name, "second");
            BrokerProcess.pause(holdMillis);
            hold.deliver();
            checks.that(state(name) == TransactionState.ONGOING, "%s: the next transaction goes on", name);
            expect(name, List.of("first"));
            producer.write(name, "third");
            producer.commit();
        }
        expect(name, List.of("first", "second", "third"));
    }

    private static FutureTask<Void> started(Callable<Void> work) {
        FutureTask<Void> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private boolean failed(FutureTask<Void> task) throws InterruptedException {
        try {
            task.get();
            return false;
        } catch (ExecutionException e) {
            checks.note("%s", e.getCause());
            return true;
        }
    }

    private TransactionState state(String id) throws Exception {
        return admin.describeTransactions(List.of(id)).all().get().get(id).state();
    }

    private void await(String id, TransactionState state) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (state(id) != state && System.nanoTime() < deadline) {
            BrokerProcess.pause(50);
        }
        checks.that(state(id) == state, "%s: the transaction becomes %s", id, state);
    }

    /** Everything that is decided by now must be there; what is not decided must not. */
    private void expect(String topic, List<String> values) {
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed");
        List<String> read = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            boolean more = true;
            while (more && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
                long decided = consumer.endOffsets(List.of(partition)).get(partition);
                more = read.size() < values.size() || consumer.position(partition) < decided;
            }
        }
        checks.that(read.equals(values), "%s: committed is %s (read: %s)", topic, values, read);
    }
}
