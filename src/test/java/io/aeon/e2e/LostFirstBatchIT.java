package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.control.InjectedFault;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first batches of an idempotent producer are not replicated when their leader is killed. No session expires. */
class LostFirstBatchIT {
    private static final int SESSION_MS = 30 * 60_000;
    private static final int PRODUCE_VERSION = 12;
    private static final long PRODUCER_ID = 4_000_000;
    private static final String TOPIC = "orders";
    private static final String BEFORE = "somebody else's";

    private AeonCluster cluster;
    private Clients clients;
    private int leader;

    @BeforeEach
    void formCluster() {
        cluster = Aeon.cluster(3)
                .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                .start();
        clients = new Clients(cluster.bootstrapServers());
        try (Admin admin = clients.admin()) {
            int active = done(admin.describeMetadataQuorum().quorumInfo()).leaderId();
            List<Integer> others =
                    cluster.nodes().stream().filter(node -> node != active).toList();
            leader = others.get(0);
            done(admin.createTopics(List.of(new NewTopic(TOPIC, Map.of(0, List.of(leader, others.get(1), active)))
                            .configs(Map.of("min.insync.replicas", "2"))))
                    .all());
        }
        clients.send(TOPIC, List.of(BEFORE), Map.of("acks", "all"));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aLaterBatchIsNotTakenBeforeTheLostOneIsSentAgain() {
        holdReplication();
        try (WireClient lost = new WireClient("localhost", cluster.node(leader).port())) {
            lost.send(ApiKeys.PRODUCE, PRODUCE_VERSION, request(0, "first"));
            awaitAppend();
            cluster.kill(leader);
        }
        clients.send(TOPIC, List.of("between"), Map.of("acks", "all"));

        try (WireClient next =
                new WireClient("localhost", cluster.node(nextLeader()).port())) {
            assertThat(produce(next, 1, "second"))
                    .as("the producer repeats the batch")
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
            assertThat(produce(next, 0, "first")).isEqualTo(Errors.NONE);
            assertThat(produce(next, 1, "second")).isEqualTo(Errors.NONE);
            assertThat(produce(next, 0, "first")).as("a duplicate").isEqualTo(Errors.NONE);
        }
        clients.send(TOPIC, List.of("after"), Map.of("acks", "all"));
        assertThat(Clients.values(clients.read(TOPIC, 0, 5)))
                .containsExactly(BEFORE, "between", "first", "second", "after");
    }

    @Test
    void aProducerWithManyBatchesInFlightKeepsTheirOrder() {
        List<String> values = new ArrayList<>(List.of(BEFORE));
        try (Producer<String, String> producer = clients.producer(Map.of("acks", "all", "batch.size", 1))) {
            holdReplication();
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                values.add("value " + i);
                sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, "value " + i)));
            }
            awaitAppend();

            cluster.kill(leader);

            sent.forEach(each -> assertThat(each).succeedsWithin(Clients.PATIENCE));
        }
        clients.send(TOPIC, List.of("after"), Map.of("acks", "all"));
        values.add("after");
        assertThat(Clients.values(clients.read(TOPIC, 0, values.size()))).isEqualTo(values);
    }

    /** Returns when both followers wait for the leader's answer. */
    private void holdReplication() {
        InjectedFault held = cluster.node(leader).control().requests("Fetch").hold();
        await().atMost(Clients.PATIENCE).until(() -> held.hits() >= 2);
    }

    /** Returns when a producer with a sequence number has records in the leader's log. */
    private void awaitAppend() {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = clients.admin()) {
            await().atMost(Clients.PATIENCE)
                    .until(() ->
                            done(admin.describeProducers(List.of(partition)).partitionResult(partition))
                                            .activeProducers()
                                            .size()
                                    > 1);
        }
    }

    /** The leader after the killed one, also if a broker is asked that does not know it yet. */
    private int nextLeader() {
        try (Admin admin = clients.admin()) {
            return await().ignoreExceptions()
                    .until(
                            () -> done(admin.describeTopics(List.of(TOPIC)).allTopicNames())
                                    .get(TOPIC)
                                    .partitions()
                                    .get(0)
                                    .leader()
                                    .id(),
                            id -> id > 0 && id != leader);
        }
    }

    private static ProduceRequestData request(int sequence, String value) {
        MemoryRecords records = MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                PRODUCER_ID,
                (short) 0,
                sequence,
                new SimpleRecord(value.getBytes(StandardCharsets.UTF_8)));
        return new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs((int) Clients.PATIENCE.toMillis())
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName(TOPIC)
                                .setPartitionData(List.of(
                                        new PartitionProduceData().setIndex(0).setRecords(records))))
                        .iterator()));
    }

    private static Errors produce(WireClient client, int sequence, String value) {
        ProduceResponseData answer =
                client.call(ApiKeys.PRODUCE, PRODUCE_VERSION, request(sequence, value), ProduceResponseData.class);
        return Errors.forCode(
                answer.responses().iterator().next().partitionResponses().get(0).errorCode());
    }
}
