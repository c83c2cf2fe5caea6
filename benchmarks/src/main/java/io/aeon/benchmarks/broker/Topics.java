package io.aeon.benchmarks.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Topics of a broker under test, over Kafka's Admin client. */
public final class Topics {
    /** Kafka's controller refuses a request that leads to more than 10,000 records. */
    private static final int MOST_AT_ONCE = 5000;

    private static final Duration KNOWN_BY = Duration.ofMinutes(5);

    private Topics() {}

    public static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    /**
     * Returns when every partition has told its end. Leaders are known before their logs are there: an idempotent
     * producer whose first batch comes too early, and whose second does not, never gets the first one in.
     */
    public static void create(String bootstrap, String topic, int partitions, Map<String, String> configs)
            throws Exception {
        create(bootstrap, topic, partitions, 1, configs);
    }

    /** The same with this number of replicas. */
    public static void create(String bootstrap, String topic, int partitions, int replicas, Map<String, String> configs)
            throws Exception {
        Map<String, Object> patient =
                Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", Math.toIntExact(KNOWN_BY.toMillis()));
        try (Admin admin = Admin.create(patient)) {
            int atFirst = Math.min(partitions, MOST_AT_ONCE);
            NewTopic created = new NewTopic(topic, atFirst, (short) replicas).configs(configs);
            admin.createTopics(List.of(created)).all().get();
            awaitEnds(admin, topic, atFirst);
            for (int made = atFirst; made < partitions; ) {
                made = Math.min(partitions, made + MOST_AT_ONCE);
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(made)))
                        .all()
                        .get();
                awaitEnds(admin, topic, made);
            }
        }
    }

    /** Right after its creation the broker asked may not know the topic yet. */
    private static void awaitEnds(Admin admin, String topic, int partitions) throws Exception {
        long deadline = System.nanoTime() + KNOWN_BY.toNanos();
        while (true) {
            try {
                ends(admin, topic, partitions);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                BrokerProcess.pause(20);
            }
        }
    }

    /** Returns when every partition has told its end. */
    public static void awaitEnds(String bootstrap, String topic, int partitions) throws Exception {
        try (Admin admin = admin(bootstrap)) {
            ends(admin, topic, partitions);
        }
    }

    /** The end offset of each partition, by its number. */
    public static Map<Integer, Long> ends(Admin admin, String topic, int partitions) throws Exception {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            wanted.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        Map<Integer, Long> ends = new HashMap<>();
        admin.listOffsets(wanted)
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        return ends;
    }
}
