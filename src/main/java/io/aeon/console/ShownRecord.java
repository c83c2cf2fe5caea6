package io.aeon.console;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as a browser gets it.
 *
 * @param timestamp milliseconds since 1970, -1 for none
 * @param timestampType {@code CreateTime} or {@code LogAppendTime}
 */
record ShownRecord(
        int partition,
        long offset,
        long timestamp,
        String timestampType,
        @Nullable ShownBytes key,
        @Nullable ShownBytes value,
        List<ShownHeader> headers) {
    /** Enough to see what a record is, and little enough for hundreds of them. */
    static final int BEGINNING = 2 << 10;

    /** Enough for a person to read. */
    static final int WHOLE = 1 << 20;

    record ShownHeader(String key, @Nullable ShownBytes value) {}

    /** @param most bytes of the key, the value and each header that are shown */
    static ShownRecord of(ConsumerRecord<byte[], byte[]> record, int most) {
        List<ShownHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new ShownHeader(header.key(), ShownBytes.of(header.value(), most)));
        }
        return new ShownRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType().toString(),
                ShownBytes.of(record.key(), most),
                ShownBytes.of(record.value(), most),
                List.copyOf(headers));
    }
}
