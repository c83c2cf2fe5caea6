package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates topics, changes a setting of each, adds a partition and deletes most of them, in a few threads. A change that
 * is refused is repeated: the first try may have succeeded without an answer.
 */
final class AdminLoad implements AutoCloseable {
    static final String SETTING = "retention.ms";
    private static final int THREADS = 3;
    private static final int EVERY_MILLIS = 20;
    private static final int KEPT_EVERY = 20;
    private static final int LIVE = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What a topic must be like. */
    record Expected(int partitions, String setting) {}

    private final String bootstrap;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Expected> topics = new TreeMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private volatile Exception failure;
    private volatile boolean stopped;

    AdminLoad(String bootstrap) {
        this.bootstrap = bootstrap;
        for (int i = 0; i < THREADS; i++) {
            String prefix = "thread" + i + "-";
            Thread thread = new Thread(() -> run(prefix), prefix + "changes");
            threads.add(thread);
            thread.start();
        }
    }

    private void run(String prefix) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", 100, "retry.backoff.max.ms", 100);
        try (Admin admin = Admin.create(settings)) {
            for (int number = 0; !stopped; number++) {
                create(admin, prefix + number, 1 + number % 2);
                int old = number - LIVE;
                if (old >= 0 && old % KEPT_EVERY != 0) {
                    delete(admin, prefix + old);
                }
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    private void create(Admin admin, String topic, int partitions) throws Exception {
        change(
                () -> admin.createTopics(List.of(new NewTopic(topic, partitions, (short) KillableCluster.NODES)))
                        .all(),
                TopicExistsException.class);
        String value = Integer.toString(3_600_000 + topic.hashCode() % 1_000_000);
        var alter = new AlterConfigOp(new ConfigEntry(SETTING, value), AlterConfigOp.OpType.SET);
        change(
                () -> admin.incrementalAlterConfigs(
                                Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(alter)))
                        .all(),
                null);
        int more = partitions + 1;
        change(
                () -> admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(more)))
                        .all(),
                InvalidPartitionsException.class);
        synchronized (topics) {
            topics.put(topic, new Expected(more, value));
        }
    }

    private void delete(Admin admin, String topic) throws Exception {
        change(() -> admin.deleteTopics(List.of(topic)).all(), UnknownTopicOrPartitionException.class);
        synchronized (topics) {
            topics.remove(topic);
        }
    }

    private interface Change {
        KafkaFuture<Void> begin();
    }

    /** @param done the error that says that an earlier try has succeeded, or null */
    private void change(Change change, Class<? extends Exception> done) throws Exception {
        long begun = System.nanoTime();
        Optional<ExecutionException> refusal = attempt(change);
        while (refusal.isPresent()
                && !(done != null && done.isInstance(refusal.get().getCause()))) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw refusal.get();
            }
            BrokerProcess.pause(EVERY_MILLIS);
            refusal = attempt(change);
        }
        repeated.addAndGet(refusal.isPresent() ? 1 : 0);
        acknowledged.incrementAndGet();
        BrokerProcess.pause(EVERY_MILLIS);
    }

    private static Optional<ExecutionException> attempt(Change change) throws InterruptedException {
        try {
            change.begin().get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e);
        }
    }

    /** The number of changes that were acknowledged. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** How many of them were found to be there already. */
    long repeated() {
        return repeated.get();
    }

    /** What a thread could not bear, or null. */
    Exception failure() {
        return failure;
    }

    /** The topics that must be there, by name. After the end. */
    Map<String, Expected> topics() {
        synchronized (topics) {
            return Map.copyOf(topics);
        }
    }

    /** Returns when what was begun is acknowledged. */
    @Override
    public void close() {
        stopped = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
