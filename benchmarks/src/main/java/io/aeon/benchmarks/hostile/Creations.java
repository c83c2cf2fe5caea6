package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** What clients make the broker keep, up to its limits ({@code aeon.limits}) and beyond. */
final class Creations {
    private static final int CONNECTIONS = 64;
    private static final int SESSION_MILLIS = 60_000;
    private static final int TOPICS = 500;
    private static final int PARTITIONS = 100;
    private static final int MILLIS = 30_000;
    private static final String PRODUCED = "produced";

    private Creations() {}

    /** Groups of the consumer protocol with a member each, which needs not wait for others. */
    static void groups(Target target) throws Exception {
        repeat(
                target,
                CONNECTIONS,
                () -> Frames.of(
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        1,
                        new ConsumerGroupHeartbeatRequestData()
                                .setGroupId(UUID.randomUUID().toString())
                                .setMemberId(Uuid.randomUuid().toString())
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(SESSION_MILLIS)
                                .setSubscribedTopicNames(List.of(Target.TOPIC))
                                .setTopicPartitions(List.of())));
    }

    /** Transactional ids that are never used. */
    static void transactionalIds(Target target) throws Exception {
        Memberships.createTransactionTopic(target);
        repeat(
                target,
                CONNECTIONS,
                () -> Frames.of(
                        ApiKeys.INIT_PRODUCER_ID,
                        1,
                        new InitProducerIdRequestData()
                                .setTransactionalId(UUID.randomUUID().toString())
                                .setTransactionTimeoutMs(SESSION_MILLIS)));
    }

    /** Topics of one partition. */
    static void topics(Target target) throws Exception {
        repeat(
                target,
                2,
                () -> topics(IntStream.range(0, TOPICS)
                        .mapToObj(i -> topic(UUID.randomUUID().toString(), 1))
                        .toList()));
    }

    /** Idempotent producers that write a record to each of 100 partitions. */
    static void producers(Target target) throws Exception {
        target.ask(topics(List.of(topic(PRODUCED, PARTITIONS))));
        AtomicLong producerIds = new AtomicLong(1_000_000);
        repeat(target, 2, () -> produce(producerIds.incrementAndGet()));
    }

    private static void repeat(Target target, int connections, Supplier<ByteBuffer> creation) throws Exception {
        target.together(connections, connection -> {
            try (Wire wire = target.connect()) {
                while (true) {
                    wire.send(creation.get());
                    wire.reply();
                }
            }
        });
    }

    private static CreatableTopic topic(String name, int partitions) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
    }

    private static ByteBuffer topics(List<CreatableTopic> topics) {
        CreatableTopicCollection all = new CreatableTopicCollection();
        topics.forEach(all::add);
        return Frames.of(
                ApiKeys.CREATE_TOPICS,
                5,
                new CreateTopicsRequestData().setTopics(all).setTimeoutMs(MILLIS));
    }

    private static ByteBuffer produce(long producerId) {
        MemoryRecords batch = MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) 0, 0, new SimpleRecord(System.currentTimeMillis(), new byte[1]));
        ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(MILLIS);
        data.topicData()
                .add(new TopicProduceData()
                        .setName(PRODUCED)
                        .setPartitionData(IntStream.range(0, PARTITIONS)
                                .mapToObj(i ->
                                        new PartitionProduceData().setIndex(i).setRecords(batch))
                                .toList()));
        return Frames.of(ApiKeys.PRODUCE, 9, data);
    }
}
