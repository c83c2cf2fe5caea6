package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.e2e.WireClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker leads a partition; the test is the follower and speaks Kafka's protocol. */
class LeaderIT {
    private static final String TOPIC = "orders";
    private static final int NO_EPOCH = -1;
    private static final short VERSION = 18;
    private static final short BEFORE_REPLICA_STATE = 14;

    @TempDir
    private Path dir;

    @Test
    void aWriteIsAcknowledgedAndVisibleWhenTheFollowerHasIt() {
        try (PairedBroker broker = PairedBroker.start(dir, 9, Map.of());
                Admin admin = admin(broker);
                Producer<String, String> producer = producer(broker, "all");
                Consumer<String, String> consumer = consumer(broker);
                WireClient follower = new WireClient("localhost", broker.port(), 60_000)) {
            Uuid topic = create(admin);
            Future<RecordMetadata> write = producer.send(new ProducerRecord<>(TOPIC, 0, null, "a"));
            producer.send(new ProducerRecord<>(TOPIC, 0, null, "b"));
            ReplicaState replica =
                    new ReplicaState().setReplicaId(PairedBroker.OTHER).setReplicaEpoch(broker.othersEpoch());

            await().until(() -> copied(fetch(follower, VERSION, replica, topic, 0, NO_EPOCH)) >= 2);
            assertThat(write).isNotDone();
            assertThat(fetch(follower, VERSION, null, topic, 0, NO_EPOCH)
                            .records()
                            .sizeInBytes())
                    .isZero();

            await().until(() ->
                    fetch(follower, BEFORE_REPLICA_STATE, replica, topic, 2, 0).highWatermark() == 2);

            assertThat(done(write).offset()).isZero();
            consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
            consumer.seekToBeginning(consumer.assignment());
            await().until(() -> !consumer.poll(Duration.ofSeconds(1)).isEmpty());
        }
    }

    @Test
    void theIsrFollowsTheFollower() {
        try (PairedBroker broker = PairedBroker.start(dir, 9, Map.of("aeon.kafka.replica.lag.time.max.ms", 3_000));
                Admin admin = admin(broker);
                Producer<String, String> producer = producer(broker, "all");
                WireClient follower = new WireClient("localhost", broker.port(), 60_000)) {
            Uuid topic = create(admin);

            assertThat(done(producer.send(new ProducerRecord<>(TOPIC, 0, null, "a")))
                            .offset())
                    .isZero();
            assertThat(isr(admin)).containsExactly(PairedBroker.SELF);

            ReplicaState replica =
                    new ReplicaState().setReplicaId(PairedBroker.OTHER).setReplicaEpoch(broker.othersEpoch());
            await().until(() -> {
                fetch(follower, VERSION, replica, topic, 1, 0);
                return isr(admin).size() == 2;
            });
        }
    }

    @Test
    void aBrokerWithoutAReplicaIsRefused() {
        try (PairedBroker broker = PairedBroker.start(dir, 9, Map.of());
                Admin admin = admin(broker);
                Producer<String, String> producer = producer(broker, "1");
                WireClient stranger = new WireClient("localhost", broker.port(), 60_000)) {
            Uuid topic = create(admin);
            ReplicaState three = new ReplicaState().setReplicaId(3).setReplicaEpoch(1);
            ReplicaState former =
                    new ReplicaState().setReplicaId(PairedBroker.OTHER).setReplicaEpoch(broker.othersEpoch() - 1);

            assertThat(error(fetch(stranger, VERSION, three, topic, 0, NO_EPOCH)))
                    .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
            assertThat(error(fetch(stranger, BEFORE_REPLICA_STATE, three, topic, 0, NO_EPOCH)))
                    .isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
            done(producer.send(new ProducerRecord<>(TOPIC, 0, null, "a")));
            assertThat(error(fetch(stranger, VERSION, former, topic, 0, NO_EPOCH)))
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        }
    }

    private static Admin admin(PairedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", "localhost:" + broker.port()));
    }

    private static Producer<String, String> producer(PairedBroker broker, String acks) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        "localhost:" + broker.port(),
                        "acks",
                        acks,
                        "enable.idempotence",
                        acks.equals("all")),
                new StringSerializer(),
                new StringSerializer());
    }

    private static Consumer<String, String> consumer(PairedBroker broker) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", "localhost:" + broker.port()),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static <T> T done(Future<T> result) {
        try {
            return result.get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Uuid create(Admin admin) {
        NewTopic topic = new NewTopic(TOPIC, Map.of(0, List.of(PairedBroker.SELF, PairedBroker.OTHER)));
        return done(admin.createTopics(List.of(topic)).topicId(TOPIC));
    }

    private static List<Integer> isr(Admin admin) {
        TopicDescription found =
                done(admin.describeTopics(List.of(TOPIC)).topicNameValues().get(TOPIC));
        return found.partitions().get(0).isr().stream().map(Node::id).toList();
    }

    /** @param replica null for a consumer */
    private static PartitionData fetch(
            WireClient client, short version, ReplicaState replica, Uuid topic, long offset, int lastEpoch) {
        FetchPartition partition = new FetchPartition()
                .setPartition(0)
                .setFetchOffset(offset)
                .setCurrentLeaderEpoch(0)
                .setLastFetchedEpoch(lastEpoch)
                .setLogStartOffset(0)
                .setPartitionMaxBytes(1 << 20);
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchTopic().setTopicId(topic).setPartitions(List.of(partition))));
        if (replica != null && version <= BEFORE_REPLICA_STATE) {
            request.setReplicaId(replica.replicaId());
        } else if (replica != null) {
            request.setReplicaState(replica);
        }
        FetchResponseData response = client.call(ApiKeys.FETCH, version, request, FetchResponseData.class);
        if (replica != null) {
            assertThat(response.nodeEndpoints()).as("brokers know each other").isEmpty();
        }
        return response.responses().get(0).partitions().get(0);
    }

    private static int copied(PartitionData partition) {
        int records = 0;
        for (var batch : ((Records) partition.records()).batches()) {
            records += (int) (batch.lastOffset() - batch.baseOffset() + 1);
        }
        return records;
    }

    private static Errors error(PartitionData partition) {
        return Errors.forCode(partition.errorCode());
    }
}
