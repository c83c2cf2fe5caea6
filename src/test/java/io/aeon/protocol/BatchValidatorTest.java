package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchValidatorTest {
    private static final long NOW = 1_000_000;
    private static final short VERSION = 13;
    private static final int BASE_OFFSET = 0;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int COUNT = 57;
    private static final int RECORDS = 61;
    private static final int SNAPPY_HEADER = 16;
    /** Heap bytes that a validation may take, however large the records are. */
    private static final long LITTLE = 6 << 20;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aGoodBatchPassesAsItIs(CompressionType codec) {
        MemoryRecords sent = batch(codec, record(NOW, "k1"), record(NOW - 5, "k2"));
        ByteBuffer before = copy(sent);

        ValidatedBatch batch = validate(sent, rules());

        assertThat(batch.bytes()).isEqualTo(before);
        assertThat(batch.logAppendTime()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void theBrokersTimeReplacesTheProducers(CompressionType codec) {
        MemoryRecords sent = batch(codec, record(5, "k1"), record(6, "k2"));

        ValidatedBatch batch = validate(sent, new BatchRules("t-0", 1 << 20, 1 << 20, true, 0, 0, false, null));

        MutableRecordBatch stored = first(batch);
        assertThat(batch.logAppendTime()).isEqualTo(NOW);
        assertThat(stored.isValid()).isTrue();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored).allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "gzip", "snappy", "lz4", "zstd"})
    void theTopicsCodecIsUsed(String codec) {
        Compression target = Codecs.of(codec, 1);
        MemoryRecords sent = batch(CompressionType.GZIP, record(NOW, "k1"), record(NOW + 1, "k2"));
        List<Record> before = list(sent.batches().iterator().next());

        MutableRecordBatch stored = first(validate(sent, rules(target)));

        assertThat(target).isNotNull();
        assertThat(stored.compressionType()).isEqualTo(target.type());
        assertThat(stored.isValid()).isTrue();
        assertThat(stored.maxTimestamp()).isEqualTo(NOW + 1);
        assertThat(list(stored)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void recordsAreNumberedAnew(CompressionType codec) {
        SimpleRecord[] records = {record(NOW, "k1"), record(NOW - 70, null), record(NOW - 5, "k3")};
        MemoryRecords sent = batchWithDeltas(codec, new long[] {0, 0, 0}, records);

        MutableRecordBatch stored = first(validate(sent, rules()));

        assertThat(stored.compressionType()).isEqualTo(codec);
        assertThat(stored.isValid()).isTrue();
        assertThat(stored.maxTimestamp()).isEqualTo(NOW);
        assertThat(list(stored))
                .isEqualTo(list(batch(codec, records).batches().iterator().next()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "gzip", "snappy", "lz4", "zstd"})
    void recordsAreNumberedAnewInTheTopicsCodec(String codec) {
        SimpleRecord[] records = {record(NOW, "k1"), record(NOW, "k2"), record(NOW, "k3")};
        Compression target = Codecs.of(codec, 1);
        MemoryRecords sent = batchWithDeltas(CompressionType.GZIP, new long[] {1, 300, 7}, records);

        MutableRecordBatch stored = first(validate(sent, rules(target)));

        assertThat(stored.compressionType().name).isEqualTo(codec.equals("uncompressed") ? "none" : codec);
        assertThat(stored.isValid()).isTrue();
        assertThat(stored).extracting(Record::offset).containsExactly(0L, 1L, 2L);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aBatchThatIsNumberedAnewGetsTheBrokersTimeToo(CompressionType codec) {
        MemoryRecords sent = batchWithDeltas(codec, new long[] {0, 0}, record(5, "k1"), record(6, "k2"));

        ValidatedBatch batch = validate(sent, new BatchRules("t-0", 1 << 20, 1 << 20, true, 0, 0, false, null));

        assertThat(batch.logAppendTime()).isEqualTo(NOW);
        assertThat(first(batch))
                .allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(NOW));
        assertThat(first(batch)).extracting(Record::offset).containsExactly(0L, 1L);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aShortBatchIsNumberedAnewAtOnce(CompressionType codec) {
        MemoryRecords sent = batchWithDeltas(codec, new long[] {0, 0}, record(NOW, "k1"), record(NOW, "k2"));

        assertThat(validateAtOnce(copy(sent), rules())).isPresent();
    }

    /** Decompressed twice, it is longer than a batch may be. */
    @Test
    void aLongBatchIsNumberedAnew() {
        SimpleRecord[] records = new SimpleRecord[140];
        Arrays.fill(records, new SimpleRecord(NOW, null, new byte[1 << 20]));
        MemoryRecords sent = batchWithDeltas(CompressionType.ZSTD, new long[140], records);

        MutableRecordBatch stored = first(validate(sent, rules(null, 2 << 20)));

        assertThat(stored.isValid()).isTrue();
        assertThat(stored.countOrNull()).isEqualTo(140);
    }

    @Test
    void aBatchThatIsTooLargeOnceItIsNumberedIsRefused() {
        SimpleRecord[] records = new SimpleRecord[200];
        Arrays.setAll(records, i -> record(NOW, "k"));
        MemoryRecords sent = batchWithDeltas(CompressionType.NONE, new long[200], records);
        BatchRules tight = new BatchRules("t-0", sent.sizeInBytes(), 1 << 20, false, 200, 100, false, null);

        assertThatThrownBy(() -> validate(sent, tight)).isInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void recordsWithInvalidTimestampsAreNamed() {
        MemoryRecords sent =
                batch(CompressionType.NONE, record(NOW, "k"), record(NOW + 101, "k"), record(NOW - 201, "k"));

        RejectedRecordsException rejected = rejected(sent, rules());

        assertThat(rejected.error()).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(rejected.records())
                .extracting(RejectedRecordsException.RecordError::index)
                .containsExactly(1, 2);
    }

    /** The records behind them are not even read: one of them is broken. */
    @Test
    void aThousandErrorsAreEnough() {
        SimpleRecord[] records = new SimpleRecord[1002];
        Arrays.setAll(records, i -> record(NOW + 101, "k"));
        ByteBuffer bytes = copy(batch(CompressionType.NONE, records));
        MemoryRecords sent = signed(bytes.put(bytes.limit() - 1, (byte) 1));

        assertThat(rejected(sent, rules()).records()).hasSize(1000);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aCompactedTopicNeedsKeys(CompressionType codec) {
        MemoryRecords sent = batch(codec, record(NOW, "k"), record(NOW, null));

        RejectedRecordsException rejected =
                rejected(sent, new BatchRules("t-0", 1 << 20, 1 << 20, false, 200, 100, true, null));

        assertThat(rejected.error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(rejected.records())
                .extracting(RejectedRecordsException.RecordError::index)
                .containsExactly(1);
    }

    @Test
    void wrongHeaderFieldsAreRefused() {
        assertThatThrownBy(() -> validate(lie(LAST_OFFSET_DELTA, 0), rules()))
                .isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> validate(lie(LAST_OFFSET_DELTA, Integer.MAX_VALUE), rules()))
                .isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> validate(lie(COUNT, 3), rules())).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> validate(lie(COUNT, -1), rules())).isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> validate(lie(BASE_OFFSET + 4, 9), rules())).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void wrongCountsThatAgreeAreRefused() {
        ByteBuffer bytes = copy(batch(CompressionType.NONE, record(NOW, "k"), record(NOW, "k")));
        bytes.putInt(LAST_OFFSET_DELTA, 0).putInt(COUNT, 1);

        assertThatThrownBy(() -> validate(signed(bytes), rules())).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void clientsMayNotWriteControlBatches() {
        ByteBuffer bytes = copy(batch(CompressionType.NONE, record(NOW, "k")));
        bytes.putShort(ATTRIBUTES, (short) 0x20);

        assertThatThrownBy(() -> validate(signed(bytes), rules())).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void aChangedByteIsNoticed() {
        MemoryRecords sent = batch(CompressionType.NONE, record(NOW, "k"));
        for (int at = ATTRIBUTES; at < sent.sizeInBytes(); at++) {
            ByteBuffer bytes = copy(sent);
            bytes.put(at, (byte) (bytes.get(at) ^ 1));
            MemoryRecords changed = MemoryRecords.readableRecords(bytes);
            assertThatThrownBy(() -> validate(changed, rules())).isInstanceOf(CorruptRecordException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, -5, 0, 10, 48})
    void anInvalidLengthIsRefused(int length) {
        ByteBuffer bytes = copy(batch(CompressionType.NONE, record(NOW, "k")));
        bytes.putInt(8, length);

        assertThatThrownBy(() -> ProducedBatch.of(MemoryRecords.readableRecords(bytes), VERSION))
                .isInstanceOfAny(CorruptRecordException.class, InvalidRecordException.class);
    }

    @Test
    void thereIsExactlyOneBatch() {
        MemoryRecords one = batch(CompressionType.NONE, record(NOW, "k"));
        ByteBuffer two = ByteBuffer.allocate(2 * one.sizeInBytes())
                .put(copy(one))
                .put(copy(one))
                .flip();

        assertThatThrownBy(() -> ProducedBatch.of(MemoryRecords.readableRecords(two), VERSION))
                .isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> ProducedBatch.of(MemoryRecords.EMPTY, VERSION))
                .isInstanceOf(InvalidRecordException.class);
        assertThatThrownBy(() -> ProducedBatch.of(null, VERSION)).isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void oldVersionsCannotCarryZstd() {
        MemoryRecords sent = batch(CompressionType.ZSTD, record(NOW, "k"));

        assertThatThrownBy(() -> ProducedBatch.of(sent, (short) 6))
                .isInstanceOf(UnsupportedCompressionTypeException.class);
        assertThat(ProducedBatch.of(sent, (short) 7).header().sizeInBytes()).isEqualTo(sent.sizeInBytes());
    }

    @Test
    void aBatchLargerThanTheTopicTakesIsRefused() {
        MemoryRecords sent = batch(CompressionType.NONE, record(NOW, "k"));
        BatchRules small = new BatchRules("t-0", sent.sizeInBytes() - 1, 1 << 20, false, 200, 100, false, null);

        assertThatThrownBy(() -> validate(sent, small)).isInstanceOf(RecordTooLargeException.class);
    }

    @Test
    void aZipBombIsRefusedWithoutBeingStored() {
        MemoryRecords bomb = MemoryRecords.withRecords(
                Compression.zstd().build(), new SimpleRecord(NOW, new byte[] {1}, new byte[64 << 20]));

        assertThatThrownBy(() -> validate(bomb, new BatchRules("t-0", 1 << 20, 1 << 20, false, 200, 100, false, null)))
                .isInstanceOf(InvalidRecordException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1fffffff, Integer.MAX_VALUE, -1})
    void aSnappyChunkWithAWrongSizeIsRefusedBeforeMemoryIsAllocated(int size) {
        ByteBuffer bytes = copy(batch(CompressionType.SNAPPY, record(NOW, "k")));
        bytes.putInt(RECORDS + SNAPPY_HEADER, size);

        assertThatThrownBy(() -> validate(signed(bytes), rules())).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aSnappyChunkWithAWrongDecompressedSizeIsRefusedBeforeMemoryIsAllocated() {
        ByteBuffer bytes = copy(batch(CompressionType.SNAPPY, record(NOW, "k")));
        bytes.putInt(RECORDS + SNAPPY_HEADER + 4, 0xffffff7f);

        assertThatThrownBy(() -> validate(signed(bytes), rules())).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aBareSnappyChunkIsCheckedToo() {
        ByteBuffer bytes = copy(batch(CompressionType.SNAPPY, record(NOW, "k")));
        bytes.putLong(RECORDS, 0xffffff7f_00000000L);

        assertThatThrownBy(() -> validate(signed(bytes), rules())).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aStreamOfEmptyGzipMembersIsRefused() {
        assertThatThrownBy(() -> validate(MemoryRecords.readableRecords(Bombs.gzipOfEmptyMembers(50_000)), rules()))
                .isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aSnappyChunkThatNoSnappyReachesIsRefusedBeforeMemoryIsAllocated() {
        MemoryRecords chunk = MemoryRecords.readableRecords(Bombs.snappyChunk(1_000_000, 23_000_000));

        long allocated = Bombs.allocatedBy(
                () -> assertThatThrownBy(() -> validate(chunk, rules())).isInstanceOf(CorruptRecordException.class));

        assertThat(allocated).isLessThan(LITTLE);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aLongBatchIsValidatedInLittleMemory(CompressionType codec) {
        MemoryRecords bomb = MemoryRecords.readableRecords(Bombs.batch(codec, 2, 30 << 20));
        BatchRules any = new BatchRules("t-0", 100 << 20, 100 << 20, false, 200, 100, true, null);

        assertThat(Bombs.allocatedBy(() -> validate(bomb, any))).isLessThan(bomb.sizeInBytes() + LITTLE);
    }

    /** Without lz4, whose compressor makes tables for each of its blocks; they are garbage at once. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "snappy", "zstd"})
    void aLongBatchIsRecompressedInLittleMemory(String codec) {
        CompressionType source = codec.equals("zstd") ? CompressionType.GZIP : CompressionType.ZSTD;
        MemoryRecords bomb = MemoryRecords.readableRecords(Bombs.batch(source, 2, 30 << 20));
        BatchRules rules = new BatchRules("t-0", 10 << 20, 100 << 20, false, 200, 100, true, Codecs.of(codec, 1));
        ValidatedBatch[] stored = new ValidatedBatch[1];

        long allocated = Bombs.allocatedBy(() -> stored[0] = validate(bomb, rules));

        int size = stored[0].bytes().remaining();
        assertThat(allocated).isLessThan(20L * size + LITTLE);
        assertThat(first(stored[0]).compressionType().name).isEqualTo(codec);
        BatchRules large = new BatchRules("t-0", 10 << 20, 100 << 20, false, 200, 100, true, null);
        assertThat(validate(MemoryRecords.readableRecords(stored[0].bytes()), large)
                        .bytes())
                .isEqualTo(stored[0].bytes());
    }

    @Test
    void aBatchThatIsTooLargeForItsTopicOnlyAfterDecompressionIsRefusedEarly() {
        MemoryRecords bomb = MemoryRecords.readableRecords(Bombs.batch(CompressionType.GZIP, 1, 200 << 20));

        long allocated = Bombs.allocatedBy(() -> assertThatThrownBy(
                        () -> validate(bomb, rules(Compression.NONE, Integer.MAX_VALUE)))
                .isInstanceOf(RecordTooLargeException.class));

        assertThat(allocated).isLessThan(20 * (1 << 20));
    }

    @Test
    void aBatchOfMoreThan256MiBIsRefused() {
        MemoryRecords bomb = MemoryRecords.readableRecords(Bombs.batch(CompressionType.ZSTD, 2, 128 << 20));

        assertThatThrownBy(() -> validate(bomb, rules(null, Integer.MAX_VALUE)))
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining("268435456");
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aLongBatchIsNotValidatedAtOnce(CompressionType codec) {
        ByteBuffer bomb = Bombs.batch(codec, 1, 2 << 20);
        ByteBuffer before =
                ByteBuffer.allocate(bomb.limit()).put(bomb.duplicate()).flip();

        assertThat(validateAtOnce(bomb, rules(null, 100 << 20))).isEmpty();
        assertThat(validateAtOnce(bomb, rules(Compression.NONE, 100 << 20))).isEmpty();
        assertThat(bomb).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void anOrdinaryBatchIsValidatedAtOnce(CompressionType codec) {
        ByteBuffer sent = copy(batch(codec, record(NOW, "k1"), record(NOW - 5, "k2")));

        assertThat(validateAtOnce(sent, rules())).isPresent();
        assertThat(validateAtOnce(sent, rules(Compression.lz4().build()))).isPresent();
    }

    @Test
    void manyBatchesOfOneRequestAreNotAllValidatedAtOnce() {
        ByteBuffer bomb = Bombs.batch(CompressionType.ZSTD, 1, 60_000);
        Allowance allowance = Allowance.ofRequest();
        int atOnce = 0;
        while (BatchValidator.validateAtOnce(produced(bomb), rules(), NOW, allowance)
                .isPresent()) {
            atOnce++;
        }

        assertThat(atOnce).isBetween(1, 20);
    }

    private static Optional<ValidatedBatch> validateAtOnce(ByteBuffer sent, BatchRules rules) {
        return BatchValidator.validateAtOnce(produced(sent), rules, NOW, Allowance.ofRequest());
    }

    private static ProducedBatch produced(ByteBuffer sent) {
        return ProducedBatch.of(MemoryRecords.readableRecords(sent), VERSION);
    }

    private static BatchRules rules(@Nullable Compression compression, int maxRecordBytes) {
        return new BatchRules("t-0", 1 << 20, maxRecordBytes, false, 200, 100, false, compression);
    }

    private static BatchRules rules() {
        return rules(null);
    }

    private static BatchRules rules(@Nullable Compression compression) {
        return new BatchRules("t-0", 1 << 20, 1 << 20, false, 200, 100, false, compression);
    }

    private static SimpleRecord record(long timestamp, @Nullable String key) {
        return new SimpleRecord(
                timestamp,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                "value".getBytes(StandardCharsets.UTF_8));
    }

    private static MemoryRecords batch(CompressionType codec, SimpleRecord... records) {
        MemoryRecords built = MemoryRecords.withRecords(Compression.of(codec).build(), records);
        return MemoryRecords.readableRecords(copy(built));
    }

    /** As some clients write it: the count and the last offset are right, the offset deltas of the records are these. */
    private static MemoryRecords batchWithDeltas(CompressionType codec, long[] deltas, SimpleRecord... records) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(1024);
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
                out,
                RecordBatch.CURRENT_MAGIC_VALUE,
                Compression.of(codec).build(),
                TimestampType.CREATE_TIME,
                0,
                RecordBatch.NO_TIMESTAMP,
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH,
                RecordBatch.NO_SEQUENCE,
                false,
                false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                Integer.MAX_VALUE)) {
            for (int i = 0; i < records.length; i++) {
                builder.appendUncheckedWithOffset(deltas[i], records[i]);
            }
            return signed(copy(builder.build()).putInt(LAST_OFFSET_DELTA, records.length - 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer copy(MemoryRecords records) {
        return ByteBuffer.allocate(records.sizeInBytes()).put(records.buffer()).flip();
    }

    private static MemoryRecords lie(int at, int value) {
        return signed(copy(batch(CompressionType.NONE, record(NOW, "a"), record(NOW, "b")))
                .putInt(at, value));
    }

    private static MemoryRecords signed(ByteBuffer bytes) {
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes.duplicate().position(ATTRIBUTES));
        return MemoryRecords.readableRecords(bytes.putInt(CRC, (int) crc.getValue()));
    }

    private static ValidatedBatch validate(MemoryRecords sent, BatchRules rules) {
        return BatchValidator.validate(ProducedBatch.of(sent, VERSION), rules, NOW);
    }

    private static RejectedRecordsException rejected(MemoryRecords sent, BatchRules rules) {
        return catchThrowableOfType(RejectedRecordsException.class, () -> validate(sent, rules));
    }

    private static MutableRecordBatch first(ValidatedBatch batch) {
        return MemoryRecords.readableRecords(batch.bytes()).batches().iterator().next();
    }

    private static List<Record> list(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.forEach(records::add);
        return records;
    }
}
