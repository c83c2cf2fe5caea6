package io.aeon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InternalRecordsTest {
    private final List<String> seen = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void readsRecordsAndEndsOfTransactions(CompressionType codec) {
        ByteBuffer records = MemoryRecords.withRecords(
                        Compression.of(codec).build(),
                        new SimpleRecord(1, "a".getBytes(UTF_8), "1".getBytes(UTF_8)),
                        new SimpleRecord(1, null, "no key".getBytes(UTF_8)),
                        new SimpleRecord(1, "b".getBytes(UTF_8), null))
                .buffer();
        ByteBuffer end = InternalRecords.endMarker(7, (short) 0, 0, true, 1);

        assertThat(read(joined(records, end))).isEqualTo(1);

        assertThat(seen).containsExactly("0 a=1", "2 b=null", "end 7 true");
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aBatchOfHugeRecordsIsPassedOverInLittleMemory(CompressionType codec) {
        ByteBuffer good = InternalRecords.batch(List.of(Map.entry(key("a"), key("1"))), 1);
        ByteBuffer batches = joined(Bombs.batch(codec, 2, 120 << 20), good);

        assertThat(Bombs.allocatedBy(() -> read(batches))).isLessThan(6 << 20);

        assertThat(seen).containsExactly("unreadable 0", "0 a=1");
    }

    @Test
    void aBatchThatIsNotWhatItClaimsIsPassedOver() {
        ByteBuffer good = InternalRecords.batch(List.of(Map.entry(key("a"), key("1"))), 1);

        read(joined(Bombs.gzipOfEmptyMembers(50_000), good));

        assertThat(seen).containsExactly("unreadable 0", "0 a=1");
    }

    @Test
    void textOfHugeRecordsIsNotShown() {
        List<String> lines = new ArrayList<>();
        ByteBuffer batches = joined(
                Bombs.batch(CompressionType.ZSTD, 1, 200 << 20),
                InternalRecords.batch(List.of(Map.entry(key("a"), key("1"))), 1));

        assertThat(Bombs.allocatedBy(() -> RecordText.lines(batches, lines::add)))
                .isLessThan(6 << 20);

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("records not shown: ");
        assertThat(lines.get(1)).contains("key \"a\" value \"1\"");
    }

    private long read(ByteBuffer batches) {
        return InternalRecords.read(
                batches,
                (offset, producerId, key, value) ->
                        seen.add(offset + " " + text(key) + "=" + (value == null ? null : text(value))),
                (offset, producerId, committed) -> seen.add("end " + producerId + " " + committed),
                (offset, reason) -> seen.add("unreadable " + offset));
    }

    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }

    private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first.duplicate())
                .put(second.duplicate())
                .flip();
    }
}
