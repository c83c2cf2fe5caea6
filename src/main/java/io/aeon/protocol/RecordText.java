package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Formats records as lines for a human reader. Bytes that are not text are shown as if they were. */
public final class RecordText {
    private RecordText() {}

    /**
     * Passes one line for each record of these whole batches to {@code out}.
     *
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     * @throws org.apache.kafka.common.KafkaException the records cannot be decompressed
     */
    public static void lines(ByteBuffer batches, Consumer<String> out) {
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                out.accept(line(record));
            }
        }
    }

    private static String line(Record record) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "offset %d time %d key %s value %s",
                record.offset(),
                record.timestamp(),
                text(record.key()),
                text(record.value())));
        for (Header header : record.headers()) {
            line.append(" header ")
                    .append(header.key())
                    .append('=')
                    .append(text(header.value() == null ? null : ByteBuffer.wrap(header.value())));
        }
        return line.toString();
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : '"' + new String(Utils.toArray(bytes), StandardCharsets.UTF_8) + '"';
    }
}
