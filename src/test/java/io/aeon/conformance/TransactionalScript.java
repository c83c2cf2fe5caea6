package io.aeon.conformance;

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
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.awaitility.Awaitility;

/** Transactions commit, abort and are fenced; each is read by both isolation levels. */
final class TransactionalScript implements Script {
    private static final int FIRST_LIST_OFFSETS_WITH_ISOLATION = 2;

    private final int level;
    private final String id;
    private Stage stage;
    private Line line;
    private Uuid topicId;
    private GroupOffsets offsets;
    private long producer;
    private short epoch;
    private int sequence;

    TransactionalScript(int level) {
        this.level = level;
        this.id = "transactions-of-level-" + level;
    }

    @Override
    public String name() {
        return id;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        topicId = on.create(id, 1);
        offsets = new GroupOffsets(on, line, level, id, id, topicId);
        describe("of an id that does not exist");
        init("with a time that is too long", request().setTransactionTimeoutMs(Integer.MAX_VALUE));
        init("with no time", request().setTransactionTimeoutMs(0));
        begin("a producer");
        end("without a transaction", true);
        describe("before the first transaction");
        for (boolean commit : new boolean[] {true, false}) {
            String what = commit ? "to commit" : "to abort";
            write(what);
            look("while open, " + what);
            end(what, commit);
            complete();
            look("after the end, " + what);
            end("again, " + what, commit);
            complete();
            end("the other way, " + what, !commit);
            complete();
        }
        wrongProducers();
        write("to be fenced");
        short old = epoch;
        begin("the same producer again");
        complete();
        epoch = old;
        produce("of a fenced producer");
        end("of a fenced producer", true);
        addPartitions("of a fenced producer");
        look("after a fenced transaction");
    }

    private void begin(String what) {
        Awaitility.await()
                .until(() -> line.quietly(3, request(), InitProducerIdResponseData.class)
                                .errorCode()
                        == 0);
        InitProducerIdResponseData begun = init(what, request());
        producer = begun.producerId();
        epoch = begun.producerEpoch();
        sequence = 0;
    }

    private InitProducerIdRequestData request() {
        return new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(60_000);
    }

    private InitProducerIdResponseData init(String what, InitProducerIdRequestData request) {
        return line.ask("init " + what, level, request, InitProducerIdResponseData.class);
    }

    private void write(String what) {
        addPartitions(what);
        produce(what);
        addOffsets(what);
        commitOffset(what);
    }

    private void addPartitions(String what) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(id).setPartitions(List.of(0)));
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        if (stage.version(ApiKeys.ADD_PARTITIONS_TO_TXN, level) < 4) {
            request.setV3AndBelowTransactionalId(id)
                    .setV3AndBelowProducerId(producer)
                    .setV3AndBelowProducerEpoch(epoch)
                    .setV3AndBelowTopics(topics);
        } else {
            request.transactions()
                    .add(new AddPartitionsToTxnTransaction()
                            .setTransactionalId(id)
                            .setProducerId(producer)
                            .setProducerEpoch(epoch)
                            .setTopics(topics));
        }
        line.ask("add partitions " + what, level, request, AddPartitionsToTxnResponseData.class);
    }

    private void addOffsets(String what) {
        line.ask(
                "add offsets " + what,
                level,
                new AddOffsetsToTxnRequestData()
                        .setTransactionalId(id)
                        .setProducerId(producer)
                        .setProducerEpoch(epoch)
                        .setGroupId(id),
                AddOffsetsToTxnResponseData.class);
    }

    private void produce(String what) {
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE, producer, epoch, sequence, Records.numbered(sequence, 2));
        ProduceResponseData answer = line.ask(
                "produce " + what,
                level,
                Records.produce(stage.version(ApiKeys.PRODUCE, level), id, topicId, records)
                        .setTransactionalId(id),
                ProduceResponseData.class);
        boolean written = answer.responses().stream()
                .allMatch(topic -> topic.partitionResponses().get(0).errorCode() == 0);
        sequence += written ? 2 : 0;
    }

    private void commitOffset(String what) {
        TxnOffsetCommitRequestTopic committed = new TxnOffsetCommitRequestTopic()
                .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(5)
                        .setCommittedMetadata("")));
        boolean byId = stage.version(ApiKeys.TXN_OFFSET_COMMIT, level) >= 6;
        line.ask(
                "commit an offset " + what,
                level,
                new TxnOffsetCommitRequestData()
                        .setTransactionalId(id)
                        .setGroupId(id)
                        .setProducerId(producer)
                        .setProducerEpoch(epoch)
                        .setTopics(List.of(byId ? committed.setTopicId(topicId) : committed.setName(id))),
                TxnOffsetCommitResponseData.class);
    }

    private void end(String what, boolean commit) {
        EndTxnResponseData ended = line.ask(
                "end " + what,
                level,
                new EndTxnRequestData()
                        .setTransactionalId(id)
                        .setProducerId(producer)
                        .setProducerEpoch(epoch)
                        .setCommitted(commit),
                EndTxnResponseData.class);
        if (ended.errorCode() == 0 && ended.producerEpoch() >= 0 && ended.producerEpoch() != epoch) {
            epoch = ended.producerEpoch();
            sequence = 0;
        }
    }

    private void complete() {
        DescribeTransactionsRequestData request =
                new DescribeTransactionsRequestData().setTransactionalIds(List.of(id));
        Awaitility.await()
                .until(() -> !line.quietly(0, request, DescribeTransactionsResponseData.class)
                        .transactionStates()
                        .get(0)
                        .transactionState()
                        .startsWith("Prepare"));
    }

    private void look(String what) {
        for (byte isolation = 0; isolation <= 1; isolation++) {
            String how = what + (isolation == 0 ? ", uncommitted" : ", committed");
            line.ask(
                    "fetch " + how,
                    level,
                    Records.fetch(stage.version(ApiKeys.FETCH, level), id, topicId, 0)
                            .setIsolationLevel(isolation),
                    FetchResponseData.class);
            if (isolation == 0 || stage.version(ApiKeys.LIST_OFFSETS, level) >= FIRST_LIST_OFFSETS_WITH_ISOLATION) {
                line.ask(
                        "end offset " + how,
                        level,
                        Records.offsets(id, -1).setIsolationLevel(isolation),
                        ListOffsetsResponseData.class);
            }
        }
        offsets.fetch(what);
        describe(what);
        line.ask(
                "list " + what,
                level,
                new ListTransactionsRequestData(),
                ListTransactionsResponseData.class,
                answer -> answer.transactionStates()
                        .removeIf(each -> !each.transactionalId().equals(id)));
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics()
                .add(new DescribeProducersRequestData.TopicRequest().setName(id).setPartitionIndexes(List.of(0)));
        line.ask("producers " + what, level, request, DescribeProducersResponseData.class);
    }

    private void describe(String what) {
        line.ask(
                "describe " + what,
                level,
                new DescribeTransactionsRequestData().setTransactionalIds(List.of(id)),
                DescribeTransactionsResponseData.class);
    }

    private void wrongProducers() {
        long rightProducer = producer;
        short rightEpoch = epoch;
        for (String what : List.of("of another producer", "of an older epoch", "of a newer epoch")) {
            producer = what.contains("another") ? rightProducer + 100_000 : rightProducer;
            epoch = (short)
                    (what.contains("older") ? rightEpoch - 1 : what.contains("newer") ? rightEpoch + 1 : rightEpoch);
            addPartitions(what);
            addOffsets(what);
            produce(what);
            commitOffset(what);
            end(what, true);
        }
        producer = rightProducer;
        epoch = rightEpoch;
        if (stage.version(ApiKeys.INIT_PRODUCER_ID, level) >= 3) {
            init(
                    "by another producer id",
                    request().setProducerId(producer + 100_000).setProducerEpoch(epoch));
            init("by an older epoch", request().setProducerId(producer).setProducerEpoch((short) (epoch - 1)));
            InitProducerIdResponseData kept = init(
                    "by its own id and epoch", request().setProducerId(producer).setProducerEpoch(epoch));
            epoch = kept.errorCode() == 0 ? kept.producerEpoch() : epoch;
            sequence = 0;
        }
    }
}
