package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Formats records as lines for a human reader. Bytes that are not text are shown as if they were. */
public final class RecordText {
    /** Largest record that is shown, in bytes; its line takes several times as much memory. */
    private static final int MOST_SHOWN = 16 << 20;

    private RecordText() {}

    /**
     * Passes one line for each record of these whole batches to {@code out}. Instead of the records of a batch that
     * cannot be read, because it decompresses to too many bytes for example, it passes one line with the reason.
     *
     * @param batches in a heap buffer
     * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is damaged
     */
    public static void lines(ByteBuffer batches, Consumer<String> out) {
        int at = batches.position();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
            batch.ensureValid();
            ByteBuffer bytes = batches.duplicate().position(at);
            bytes.limit(at + batch.sizeInBytes());
            at = bytes.limit();
            try {
                requireReadable(batch, bytes);
            } catch (ApiException e) {
                out.accept("records not shown: " + e.getMessage());
                continue;
            }
            try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
                records.forEachRemaining(record -> out.accept(line(record)));
            }
        }
    }

    private static void requireReadable(RecordBatch batch, ByteBuffer bytes) {
        int count = batch.countOrNull();
        Decompression.walk(batch, bytes, Allowance.ofBatch(), records -> {
            for (int i = 0; i < count; i++) {
                records.next();
                if (records.size() > MOST_SHOWN) {
                    throw new RecordTooLargeException("record " + i + " has " + records.size() + " bytes");
                }
            }
            return count;
        });
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
