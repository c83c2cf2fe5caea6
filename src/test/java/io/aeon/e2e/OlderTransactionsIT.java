package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions of clients without KIP-890: kafkajs and librdkafka send these versions. */
class OlderTransactionsIT {
    private static final TopicPartition IN = new TopicPartition("in", 0);

    private Aeon broker;
    private Clients clients;
    private WireClient client;
    private long producerId;
    private short epoch;

    @BeforeEach
    void start() {
        broker = Aeon.builder()
                .set("aeon.kafka.transaction.abort.timed.out.transaction.cleanup.interval.ms", 100)
                .start();
        clients = new Clients(broker);
        clients.create("in", 1, Map.of());
        clients.create("out", 2, Map.of());
        client = new WireClient("127.0.0.1", broker.port());
        ReadyCoordinators.ofTransactions(broker);
        ReadyCoordinators.ofGroups(broker);
        begin(60_000);
    }

    @AfterEach
    void stop() {
        client.close();
        broker.close();
    }

    private void begin(int timeoutMs) {
        InitProducerIdResponseData given = client.call(
                ApiKeys.INIT_PRODUCER_ID,
                1,
                new InitProducerIdRequestData().setTransactionalId("id").setTransactionTimeoutMs(timeoutMs),
                InitProducerIdResponseData.class);
        assertThat(Errors.forCode(given.errorCode())).isEqualTo(Errors.NONE);
        producerId = given.producerId();
        epoch = given.producerEpoch();
    }

    private Errors add(int partition) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId("id")
                .setV3AndBelowProducerId(producerId)
                .setV3AndBelowProducerEpoch(epoch);
        request.v3AndBelowTopics()
                .add(new AddPartitionsToTxnTopic().setName("out").setPartitions(List.of(partition)));
        AddPartitionsToTxnResponseData response =
                client.call(ApiKeys.ADD_PARTITIONS_TO_TXN, 1, request, AddPartitionsToTxnResponseData.class);
        return Errors.forCode(response.resultsByTopicV3AndBelow()
                .find("out")
                .resultsByPartition()
                .find(partition)
                .partitionErrorCode());
    }

    private Errors write(int partition, int sequence, String value) {
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producerId,
                epoch,
                sequence,
                new SimpleRecord(value.getBytes(StandardCharsets.UTF_8)));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTransactionalId("id")
                .setTimeoutMs(60_000);
        request.topicData()
                .add(new TopicProduceData()
                        .setName("out")
                        .setPartitionData(List.of(
                                new PartitionProduceData().setIndex(partition).setRecords(records))));
        ProduceResponseData response = client.call(ApiKeys.PRODUCE, 7, request, ProduceResponseData.class);
        return Errors.forCode(response.responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0)
                .errorCode());
    }

    private Errors end(boolean commit) {
        return Errors.forCode(client.call(
                        ApiKeys.END_TXN,
                        1,
                        new EndTxnRequestData()
                                .setTransactionalId("id")
                                .setProducerId(producerId)
                                .setProducerEpoch(epoch)
                                .setCommitted(commit),
                        EndTxnResponseData.class)
                .errorCode());
    }

    private Errors addGroup() {
        return Errors.forCode(client.call(
                        ApiKeys.ADD_OFFSETS_TO_TXN,
                        1,
                        new AddOffsetsToTxnRequestData()
                                .setTransactionalId("id")
                                .setProducerId(producerId)
                                .setProducerEpoch(epoch)
                                .setGroupId("readers"),
                        AddOffsetsToTxnResponseData.class)
                .errorCode());
    }

    private Errors commitOffset(long offset) {
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData()
                .setTransactionalId("id")
                .setGroupId("readers")
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName("in")
                        .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
        TxnOffsetCommitResponseData response =
                client.call(ApiKeys.TXN_OFFSET_COMMIT, 1, request, TxnOffsetCommitResponseData.class);
        return Errors.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void partitionsAndGroupsAreAddedBeforeTheyAreWritten() {
        assertThat(add(0)).isEqualTo(Errors.NONE);
        assertThat(write(0, 0, "a")).isEqualTo(Errors.NONE);
        assertThat(addGroup()).isEqualTo(Errors.NONE);
        assertThat(commitOffset(5)).isEqualTo(Errors.NONE);
        assertThat(end(true)).isEqualTo(Errors.NONE);
        await("a repeated end is refused only while the first one writes its markers")
                .until(() -> end(true) == Errors.NONE);

        try (Admin admin = clients.admin()) {
            await().until(() -> done(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata())
                    .containsKey(IN));
            assertThat(done(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata())
                            .get(IN))
                    .isEqualTo(new OffsetAndMetadata(5));
        }
    }

    @Test
    void partitionsAndGroupsThatWereNotAddedAreRefused() {
        assertThat(write(0, 0, "a")).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(commitOffset(5)).isEqualTo(Errors.INVALID_TXN_STATE);
        add(0);
        assertThat(write(1, 0, "b")).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(end(false)).isEqualTo(Errors.NONE);
        assertThat(write(0, 0, "late")).isIn(Errors.INVALID_TXN_STATE, Errors.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void lateEndAfterTheTimeoutDoesNotTouchTheNextTransaction() {
        begin(200);
        add(0);
        write(0, 0, "slow");
        try (Admin admin = clients.admin()) {
            await().until(() -> done(admin.describeTransactions(List.of("id")).all())
                            .get("id")
                            .state()
                    == TransactionState.COMPLETE_ABORT);
            short fenced = epoch;
            begin(60_000);
            add(1);
            short next = epoch;

            epoch = fenced;
            assertThat(end(true)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
            assertThat(add(0)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
            assertThat(write(0, 1, "zombie")).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);

            epoch = next;
            assertThat(write(1, 0, "next")).isEqualTo(Errors.NONE);
            assertThat(end(true)).isEqualTo(Errors.NONE);
        }
    }
}
