package io.aeon.benchmarks.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aeon.benchmarks.broker.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One of the two clusters between which records are mirrored: what is written to it, and what is found in it. */
final class MirroredCluster implements AutoCloseable {
    /** Not now, but not so long ago that markers, which are of now, would make the logs roll and compact. */
    private static final long FIRST_TIMESTAMP = System.currentTimeMillis() - 86_400_000;

    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    /** A topic of records that mean nothing. */
    static final String TICKS = "ticks";
    /** So many partitions that each task of a connector reads one of them. */
    static final int TICKING = 8;

    private static final Duration POLL = Duration.ofMillis(200);

    private final String alias;
    private final String bootstrap;
    private final Admin admin;
    private final KafkaProducer<String, String> ticks;

    MirroredCluster(String alias, String bootstrap) {
        this.alias = alias;
        this.bootstrap = bootstrap;
        admin = Topics.admin(bootstrap);
        ticks = producer(Map.of());
    }

    String alias() {
        return alias;
    }

    String bootstrap() {
        return bootstrap;
    }

    /** A topic whose name begins with the alias, so that each cluster has its own. */
    String topic(String name) {
        return alias + "-" + name;
    }

    void create(String name, int partitions, Map<String, String> settings) throws Exception {
        Topics.create(bootstrap, topic(name), partitions, settings);
    }

    /** Sets the value, or the default one where it is empty. */
    void set(String name, String setting, String value) throws Exception {
        AlterConfigOp.OpType operation = value.isEmpty() ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET;
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(setting, value), operation);
        admin.incrementalAlterConfigs(Map.of(resource(topic(name)), List.of(change)))
                .all()
                .get();
    }

    void addPartitions(String name, int partitions) throws Exception {
        admin.createPartitions(Map.of(topic(name), NewPartitions.increaseTo(partitions)))
                .all()
                .get();
        Topics.awaitEnds(bootstrap, topic(name), partitions);
    }

    /** Numbered records of every shape, in every codec, evenly over the partitions. */
    void write(String name, int partitions, int from, int to) throws Exception {
        for (int codec = 0; codec < CODECS.size(); codec++) {
            Map<String, Object> settings = Map.of("compression.type", CODECS.get(codec), "linger.ms", 5);
            try (var producer = producer(settings)) {
                for (int i = from + codec; i < to; i += CODECS.size()) {
                    producer.send(numbered(topic(name), i % partitions, i));
                }
                producer.flush();
            }
        }
        checkEnds(name, partitions, to);
    }

    /**
     * Has each task that reads this cluster commit once more. MirrorMaker has ten offset syncs under way at most, and
     * keeps back the others until the task commits again: behind the last record of a cluster that would be never.
     */
    void tick() {
        for (int partition = 0; partition < TICKING; partition++) {
            ticks.send(new ProducerRecord<>(topic(TICKS), partition, null, "tick"));
        }
        ticks.flush();
    }

    /** Such records in transactions, of which every other one is aborted. */
    void writeInTransactions(String name, int partitions, int from, int to) throws Exception {
        try (var producer = producer(Map.of("transactional.id", topic(name)))) {
            producer.initTransactions();
            for (int i = from; i < to; i += 10) {
                producer.beginTransaction();
                for (int j = i; j < Math.min(to, i + 10); j++) {
                    producer.send(numbered(topic(name), j % partitions, j));
                }
                if (i / 10 % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
    }

    private KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new TreeMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private ProducerRecord<String, String> numbered(String topic, int partition, int number) {
        String key = number % 7 == 0 && !topic.equals(topic("changes")) ? null : "key-" + number % 50;
        String value = number % 11 == 0 ? null : alias + " value " + number;
        var record = new ProducerRecord<>(topic, partition, FIRST_TIMESTAMP + number * 1000L, key, value);
        if (number % 3 == 0) {
            record.headers().add("number", Integer.toString(number).getBytes(UTF_8));
            record.headers().add("number", new byte[0]).add("none", null);
        }
        return record;
    }

    private void checkEnds(String name, int partitions, int least) throws Exception {
        long written = Topics.ends(admin, topic(name), partitions).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        if (written < least) {
            throw new IllegalStateException(topic(name) + " has " + written + " records of " + least);
        }
    }

    /** Joins the group, reads, and commits in each partition the record that has this part of all before it. */
    void commit(String group, String protocol, String name, int percent) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", group,
                "group.protocol", protocol,
                "enable.auto.commit", false,
                "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic(name)));
            while (consumer.poll(POLL).isEmpty()) {
                continue;
            }
            List<TopicPartition> partitions = consumer.partitionsFor(topic(name)).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.commitSync(consumer.endOffsets(partitions).entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> new OffsetAndMetadata(end.getValue() * percent / 100, "rig"))));
        }
    }

    /** The offsets that the group has committed in that topic; empty where there is no such group yet. */
    Map<TopicPartition, Long> committed(String group, String topic) throws Exception {
        var offsets = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return offsets.entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** The settings that were made for the topic itself, by name; empty while there is no such topic. */
    Map<String, String> settings(String topic) throws Exception {
        try {
            var config = admin.describeConfigs(List.of(resource(topic))).all().get();
            return config.get(resource(topic)).entries().stream()
                    .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                    .collect(
                            Collectors.toMap(ConfigEntry::name, ConfigEntry::value, (one, other) -> one, TreeMap::new));
        } catch (ExecutionException notYet) {
            return Map.of();
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** How many partitions the topic has; 0 while there is none. */
    int partitions(String topic) throws Exception {
        if (!admin.listTopics().names().get().contains(topic)) {
            return 0;
        }
        var described = admin.describeTopics(List.of(topic)).allTopicNames().get();
        return described.get(topic).partitions().size();
    }

    /** All committed records of each partition as text, offsets left out. */
    List<List<String>> records(String topic) throws Exception {
        List<List<String>> all = new ArrayList<>();
        for (int partition = 0; partition < partitions(topic); partition++) {
            all.add(records(new TopicPartition(topic, partition), 0));
        }
        return all;
    }

    /** The committed records of the partition from that offset on. */
    List<String> records(TopicPartition partition, long offset) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap, "isolation.level", "read_committed", "auto.offset.reset", "none");
        List<String> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> one = List.of(partition);
            consumer.assign(one);
            consumer.seek(partition, offset);
            long end = consumer.endOffsets(one).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(record -> records.add(text(record)));
            }
        }
        return records;
    }

    private static String text(ConsumerRecord<String, String> record) {
        String headers = StreamSupport.stream(record.headers().spliterator(), false)
                .map(MirroredCluster::text)
                .collect(Collectors.joining(",", "[", "]"));
        return record.timestamp() + " " + headers + " " + record.key() + " = " + record.value();
    }

    private static String text(Header header) {
        return header.key() + ":" + (header.value() == null ? "null" : "'" + new String(header.value(), UTF_8) + "'");
    }

    @Override
    public void close() {
        ticks.close();
        admin.close();
    }
}
