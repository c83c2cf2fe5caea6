package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.awaitility.Awaitility;

/** One transaction of records and offsets that commits. Each request is sent in the version of one level. */
final class TransactionScript {
    static final int LEVELS = 14;
    private static final long COMMITTED = 5;

    private final Conversation broker;
    private final int level;
    private final String topic;
    private final Uuid topicId;
    private final String id;
    private final String group;
    private long producerId;
    private short epoch;

    /** @param topic a topic to which no other test writes */
    TransactionScript(Conversation broker, int level, String topic, Uuid topicId) {
        this.broker = broker;
        this.level = level;
        this.topic = topic;
        this.topicId = topicId;
        this.id = "transaction-of-level-" + level;
        this.group = "transactional-group-of-level-" + level;
    }

    void run() {
        findCoordinators();
        init();
        addPartition();
        addOffsets();
        produce();
        assertThat(openSince()).isZero();
        commitOffset();
        describe("Ongoing");
        list();
        end();
        assertThat(committed()).isEqualTo(COMMITTED);
        Awaitility.await().until(() -> openSince() == -1);
        describe("CompleteCommit");
        writeMarker();
    }

    private void findCoordinators() {
        for (byte type = 0; type <= 1; type++) {
            FindCoordinatorRequestData request = new FindCoordinatorRequestData()
                    .setKeyType(type)
                    .setCoordinatorKeys(List.of(type == 0 ? group : id));
            broker.well(ApiKeys.FIND_COORDINATOR, 6, FindCoordinatorResponseData.class, version -> request);
        }
    }

    private void init() {
        InitProducerIdResponseData begun = broker.well(
                ApiKeys.INIT_PRODUCER_ID,
                level,
                InitProducerIdResponseData.class,
                version ->
                        new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(60_000));
        producerId = begun.producerId();
        epoch = begun.producerEpoch();
        assertThat(producerId).isNotNegative();
    }

    private void addPartition() {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(0)));
        broker.well(ApiKeys.ADD_PARTITIONS_TO_TXN, level, AddPartitionsToTxnResponseData.class, version -> {
            AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
            if (version < 4) {
                return request.setV3AndBelowTransactionalId(id)
                        .setV3AndBelowProducerId(producerId)
                        .setV3AndBelowProducerEpoch(epoch)
                        .setV3AndBelowTopics(topics);
            }
            request.transactions()
                    .add(new AddPartitionsToTxnTransaction()
                            .setTransactionalId(id)
                            .setProducerId(producerId)
                            .setProducerEpoch(epoch)
                            .setTopics(topics));
            return request;
        });
    }

    private void addOffsets() {
        broker.well(
                ApiKeys.ADD_OFFSETS_TO_TXN,
                level,
                AddOffsetsToTxnResponseData.class,
                version -> new AddOffsetsToTxnRequestData()
                        .setTransactionalId(id)
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setGroupId(group));
    }

    private void produce() {
        SimpleRecord record = new SimpleRecord("v".getBytes(StandardCharsets.UTF_8));
        MemoryRecords records = MemoryRecords.withTransactionalRecords(Compression.NONE, producerId, epoch, 0, record);
        broker.well(
                ApiKeys.PRODUCE,
                level,
                ProduceResponseData.class,
                version ->
                        RecordRequests.produce(version, topic, topicId, records).setTransactionalId(id));
    }

    private void commitOffset() {
        broker.well(ApiKeys.TXN_OFFSET_COMMIT, level, TxnOffsetCommitResponseData.class, version -> {
            TxnOffsetCommitRequestTopic offsets = new TxnOffsetCommitRequestTopic()
                    .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                            .setPartitionIndex(0)
                            .setCommittedOffset(COMMITTED)
                            .setCommittedMetadata("")));
            return new TxnOffsetCommitRequestData()
                    .setTransactionalId(id)
                    .setGroupId(group)
                    .setProducerId(producerId)
                    .setProducerEpoch(epoch)
                    .setTopics(List.of(version < 6 ? offsets.setName(topic) : offsets.setTopicId(topicId)));
        });
    }

    private long openSince() {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new TopicRequest().setName(topic).setPartitionIndexes(List.of(0)));
        DescribeProducersResponseData described =
                broker.well(ApiKeys.DESCRIBE_PRODUCERS, level, DescribeProducersResponseData.class, version -> request);
        return described
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .activeProducers()
                .get(0)
                .currentTxnStartOffset();
    }

    private void describe(String state) {
        DescribeTransactionsResponseData described = broker.well(
                ApiKeys.DESCRIBE_TRANSACTIONS,
                level,
                DescribeTransactionsResponseData.class,
                version -> new DescribeTransactionsRequestData().setTransactionalIds(List.of(id)));
        assertThat(described.transactionStates().get(0).transactionState()).isIn(state, "PrepareCommit");
    }

    private void list() {
        ListTransactionsResponseData listed = broker.well(
                ApiKeys.LIST_TRANSACTIONS,
                level,
                ListTransactionsResponseData.class,
                version -> new ListTransactionsRequestData());
        assertThat(listed.transactionStates())
                .anyMatch(each -> each.transactionalId().equals(id));
    }

    private void end() {
        EndTxnResponseData ended = broker.well(
                ApiKeys.END_TXN,
                level,
                EndTxnResponseData.class,
                version -> new EndTxnRequestData()
                        .setTransactionalId(id)
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setCommitted(true));
        if (ended.producerEpoch() >= 0) {
            assertThat(ended.producerEpoch()).isEqualTo((short) (epoch + 1));
            epoch = ended.producerEpoch();
        }
    }

    /** The committed offset. A fetch that requires stable offsets waits until the markers are written. */
    private long committed() {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setRequireStable(true)
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))))));
        long[] found = new long[1];
        Awaitility.await().untilAsserted(() -> {
            OffsetFetchResponseData told =
                    broker.well(ApiKeys.OFFSET_FETCH, 9, OffsetFetchResponseData.class, version -> request);
            found[0] = told.groups().get(0).topics().get(0).partitions().get(0).committedOffset();
        });
        return found[0];
    }

    /** Writes a marker for a transaction that has ended; an administrator's marker changes nothing then. */
    private void writeMarker() {
        broker.ask(
                ApiKeys.WRITE_TXN_MARKERS,
                level,
                WriteTxnMarkersResponseData.class,
                version -> new WriteTxnMarkersRequestData()
                        .setMarkers(List.of(new WritableTxnMarker()
                                .setProducerId(producerId)
                                .setProducerEpoch(epoch)
                                .setTransactionResult(false)
                                .setTopics(List.of(new WritableTxnMarkerTopic()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(0)))))));
    }
}
