package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** The requests of a client from before KIP-890, as librdkafka and kafkajs send them; it writes to partition 0. */
final class OldClient implements TransactionalClient {
    private static final int PATIENCE_MILLIS = 300_000;
    private static final long RETRY_MILLIS = 50;

    private final Wire wire;
    private final String id;
    private final long producerId;
    private final short epoch;
    private int correlationId;
    private int sequence;
    private String added = "";

    OldClient(int port, String id, int timeoutMillis) throws IOException {
        this.id = id;
        wire = new Wire(port, PATIENCE_MILLIS);
        retried(
                ApiKeys.FIND_COORDINATOR,
                new FindCoordinatorRequest.Builder(new FindCoordinatorRequestData()
                                .setKey(id)
                                .setKeyType(CoordinatorType.TRANSACTION.id()))
                        .build((short) 2));
        InitProducerIdResponse given = (InitProducerIdResponse) retried(
                ApiKeys.INIT_PRODUCER_ID,
                new InitProducerIdRequest.Builder(new InitProducerIdRequestData()
                                .setTransactionalId(id)
                                .setTransactionTimeoutMs(timeoutMillis))
                        .build((short) 1));
        producerId = given.data().producerId();
        epoch = given.data().producerEpoch();
    }

    @Override
    public void begin() {
        added = "";
    }

    @Override
    public void write(String topic, String value) throws IOException {
        if (!added.equals(topic)) {
            AddPartitionsToTxnRequestData add = new AddPartitionsToTxnRequestData()
                    .setV3AndBelowTransactionalId(id)
                    .setV3AndBelowProducerId(producerId)
                    .setV3AndBelowProducerEpoch(epoch);
            add.v3AndBelowTopics()
                    .add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(0)));
            retried(ApiKeys.ADD_PARTITIONS_TO_TXN, new AddPartitionsToTxnRequest(add, (short) 1));
            added = topic;
        }
        SimpleRecord record = new SimpleRecord(value.getBytes(StandardCharsets.UTF_8));
        MemoryRecords records =
                MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, epoch, sequence, record);
        ProduceRequestData data = new ProduceRequestData()
                .setAcks((short) -1)
                .setTransactionalId(id)
                .setTimeoutMs(PATIENCE_MILLIS);
        data.topicData()
                .add(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        retried(ApiKeys.PRODUCE, new ProduceRequest(data, (short) 7));
        sequence++;
    }

    @Override
    public void commit() throws IOException {
        EndTxnRequestData data = new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(true);
        retried(ApiKeys.END_TXN, new EndTxnRequest.Builder(data, false).build((short) 1));
    }

    private AbstractResponse retried(ApiKeys api, AbstractRequest request) throws IOException {
        while (true) {
            RequestHeader header = new RequestHeader(api, request.version(), "old", ++correlationId);
            wire.send(Wire.frame(request, header));
            AbstractResponse response = AbstractResponse.parseResponse(ByteBuffer.wrap(wire.reply()), header);
            Errors error = response.errorCounts().keySet().stream()
                    .filter(code -> code != Errors.NONE)
                    .findAny()
                    .orElse(Errors.NONE);
            if (error == Errors.NONE) {
                return response;
            }
            if (!(error.exception() instanceof RetriableException)) {
                throw error.exception();
            }
            BrokerProcess.pause(RETRY_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
