package io.aeon.conformance;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Records are written in every way, found by offset and by time, and deleted. */
final class RecordScript implements Script {
    private final int level;
    private final String topic;
    private Stage stage;
    private Line line;
    private Uuid id;

    RecordScript(int level) {
        this.level = level;
        this.topic = "records-of-level-" + level;
    }

    @Override
    public String name() {
        return topic;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        id = on.create(topic, 1);
        readAndFind("an empty partition");
        write();
        writeWrongly();
        readAndFind("a written partition");
        sessions();
        writeIdempotently();
        delete("to offset 2", 2);
        delete("to a lower offset", 1);
        delete("beyond the end", 1_000);
        delete("to a negative offset", -2);
        readAndFind("a partition without its first records");
        delete("to the high watermark", -1);
        readAndFind("a partition without records");
    }

    private void produce(String what, MemoryRecords records) {
        produce(what, request(records));
    }

    private ProduceRequestData request(MemoryRecords records) {
        return Records.produce(stage.version(ApiKeys.PRODUCE, level), topic, id, records);
    }

    private void produce(String what, ProduceRequestData request) {
        line.ask("produce " + what, level, request, ProduceResponseData.class);
    }

    private void write() {
        produce("three records", MemoryRecords.withRecords(Compression.NONE, Records.numbered(0, 3)));
        produce(
                "with acks 1",
                request(MemoryRecords.withRecords(Compression.NONE, Records.numbered(3, 1)))
                        .setAcks((short) 1));
        produce("with gzip", MemoryRecords.withRecords(Compression.gzip().build(), Records.numbered(4, 3)));
        produce("with lz4", MemoryRecords.withRecords(Compression.lz4().build(), Records.numbered(7, 3)));
        produce("with snappy", MemoryRecords.withRecords(Compression.snappy().build(), Records.numbered(10, 3)));
        produce("with zstd", MemoryRecords.withRecords(Compression.zstd().build(), Records.numbered(13, 3)));
        produce("a time before the others", MemoryRecords.withRecords(Compression.NONE, Records.numbered(1, 1)));
        produce(
                "without a time",
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(RecordBatch.NO_TIMESTAMP, null, Records.bytes("v"))));
        produce(
                "null for key and value",
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(Records.TIME, (byte[]) null, null)));
    }

    private void writeWrongly() {
        produce("of format 0", MemoryRecords.withRecords((byte) 0, Compression.NONE, Records.numbered(0, 1)));
        produce("of format 1", MemoryRecords.withRecords((byte) 1, Compression.NONE, Records.numbered(0, 1)));
        produce(
                "a transactional batch without an id",
                MemoryRecords.withTransactionalRecords(
                        Compression.NONE, 9_000_000, (short) 0, 0, Records.numbered(0, 1)));
        produce(
                "a time in a far future",
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(Long.MAX_VALUE, Records.bytes("k"), Records.bytes("v"))));
        ByteBuffer broken = copy(MemoryRecords.withRecords(Compression.NONE, Records.numbered(0, 1)));
        broken.put(broken.limit() - 1, (byte) (broken.get(broken.limit() - 1) ^ 1));
        produce("with a wrong CRC", MemoryRecords.readableRecords(broken));
        ByteBuffer cut = copy(MemoryRecords.withRecords(Compression.NONE, Records.numbered(0, 1)));
        cut.limit(cut.limit() - 3);
        produce("a batch that is cut off", MemoryRecords.readableRecords(cut));
        ByteBuffer two = ByteBuffer.allocate(1_000);
        two.put(copy(MemoryRecords.withRecords(Compression.NONE, Records.numbered(0, 1))));
        two.put(copy(MemoryRecords.withRecords(Compression.NONE, Records.numbered(1, 1))));
        produce("two batches for one partition", MemoryRecords.readableRecords(two.flip()));
        produce(
                "a large record",
                MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(Records.TIME, Records.bytes("k"), new byte[1_200_000])));
        set("cleanup.policy", "compact");
        produce(
                "no key to a compacted topic",
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(Records.TIME, null, Records.bytes("v"))));
        set("cleanup.policy", "delete");
        set("message.timestamp.after.max.ms", "1000");
        produce(
                "a time that is too late",
                MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(4_000_000_000_000L, Records.bytes("k"), Records.bytes("v"))));
        set("message.timestamp.before.max.ms", "1000");
        produce("a time that is too early", MemoryRecords.withRecords(Compression.NONE, Records.numbered(0, 2)));
        set("message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE));
    }

    private static ByteBuffer copy(MemoryRecords records) {
        ByteBuffer source = records.buffer();
        return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
    }

    private void set(String key, String value) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        var resource = new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                .setResourceType((byte) 2)
                .setResourceName(topic);
        resource.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(key)
                        .setValue(value));
        request.resources().add(resource);
        line.ask("set " + key, level, request, IncrementalAlterConfigsResponseData.class);
        stage.settle();
    }

    private void writeIdempotently() {
        InitProducerIdResponseData begun = line.ask(
                "a producer without transactions",
                level,
                new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(30_000),
                InitProducerIdResponseData.class);
        long producer = begun.producerId();
        produce("the first of a producer", Records.idempotent(producer, 0, 0));
        produce("the second of a producer", Records.idempotent(producer, 0, 1));
        produce("the second again", Records.idempotent(producer, 0, 1));
        produce("the first again", Records.idempotent(producer, 0, 0));
        produce("with a gap", Records.idempotent(producer, 0, 5));
        produce("of a new epoch that does not begin at 0", Records.idempotent(producer, 1, 3));
        produce("of a new epoch", Records.idempotent(producer, 1, 0));
        produce("of the old epoch", Records.idempotent(producer, 0, 2));
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics()
                .add(new DescribeProducersRequestData.TopicRequest()
                        .setName(topic)
                        .setPartitionIndexes(List.of(0, 3)));
        line.ask("producers of the partition", level, request, DescribeProducersResponseData.class);
    }

    private void readAndFind(String what) {
        for (long offset : new long[] {0, 1, 5, 14, 17, 18, 24, 25, 1_000, -1, Long.MAX_VALUE}) {
            fetch("%s from %d".formatted(what, offset), fetchRequest(offset));
        }
        fetch(what + " with one byte at most", fetchRequest(3).setMaxBytes(1));
        fetch(what + " with nothing at most", fetchRequest(3).setMaxBytes(0));
        fetch(what + " only what is committed", fetchRequest(0).setIsolationLevel((byte) 1));
        for (long time : new long[] {
            -1, -2, -3, -4, -5, -6, 0, Records.TIME, Records.TIME + 500, Records.TIME + 5_000, Records.TIME + 15_500
        }) {
            line.ask(
                    "offsets of %s at %d".formatted(what, time),
                    level,
                    Records.offsets(topic, time),
                    ListOffsetsResponseData.class);
        }
        for (int epoch : new int[] {-1, 0, 1}) {
            epochEnd("of epoch %d in %s".formatted(epoch, what), epoch);
        }
    }

    private FetchRequestData fetchRequest(long offset) {
        return Records.fetch(stage.version(ApiKeys.FETCH, level), topic, id, offset);
    }

    private FetchResponseData fetch(String what, FetchRequestData request) {
        return line.ask("fetch " + what, level, request, FetchResponseData.class);
    }

    private void epochEnd(String what, int epoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
        request.topics()
                .add(new OffsetForLeaderTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new OffsetForLeaderPartition().setLeaderEpoch(epoch))));
        line.ask("end " + what, level, request, OffsetForLeaderEpochResponseData.class);
    }

    private void sessions() {
        if (stage.version(ApiKeys.FETCH, level) < 7) {
            return;
        }
        int session = fetch("a new session", fetchRequest(0).setSessionEpoch(0)).sessionId();
        fetch("the session", fetchRequest(3).setSessionId(session).setSessionEpoch(1));
        fetch(
                "the session with a wrong epoch",
                fetchRequest(3).setSessionId(session).setSessionEpoch(7));
        fetch(
                "a session that does not exist",
                fetchRequest(3).setSessionId(1_234_567).setSessionEpoch(1));
        fetch(
                "the session without changes",
                fetchRequest(3).setSessionId(session).setSessionEpoch(2).setTopics(List.of()));
        fetch("the end of the session", fetchRequest(3).setSessionId(session).setSessionEpoch(-1));
    }

    private void delete(String what, long offset) {
        line.ask(
                "delete records " + what,
                level,
                new DeleteRecordsRequestData()
                        .setTimeoutMs(30_000)
                        .setTopics(List.of(new DeleteRecordsTopic()
                                .setName(topic)
                                .setPartitions(List.of(new DeleteRecordsPartition()
                                        .setPartitionIndex(0)
                                        .setOffset(offset))))),
                DeleteRecordsResponseData.class);
    }
}
