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
 * @param moreHeaders number of headers that are left out, null if none is
 */
record ShownRecord(
        int partition,
        long offset,
        long timestamp,
        String timestampType,
        @Nullable ShownBytes key,
        @Nullable ShownBytes value,
        List<ShownHeader> headers,
        @Nullable Integer moreHeaders) {
    /** Enough to see what a record is, and little enough for hundreds of them. */
    static final int BEGINNING = 2 << 10;

    /** Enough for a person to read. */
    static final int WHOLE = 1 << 20;

    /** All headers of a record are shown in so many times the bytes of one value. */
    private static final int HEADERS = 4;

    private static final int LONGEST_NAME = 256;

    /** What a header costs in the answer beside its name and value. */
    private static final int HEADER_FRAME = 64;

    /** @param key the beginning of a long name ends with an ellipsis */
    record ShownHeader(String key, @Nullable ShownBytes value) {}

    /** @param most bytes of the key, the value and each header that are shown */
    static ShownRecord of(ConsumerRecord<byte[], byte[]> record, int most) {
        List<ShownHeader> headers = new ArrayList<>();
        int more = 0;
        int left = HEADERS * most;
        for (Header header : record.headers()) {
            int size = size(header, most);
            if (more == 0 && size <= left) {
                left -= size;
                headers.add(new ShownHeader(name(header.key()), ShownBytes.of(header.value(), most)));
            } else {
                more++;
            }
        }
        return new ShownRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType().toString(),
                ShownBytes.of(record.key(), most),
                ShownBytes.of(record.value(), most),
                List.copyOf(headers),
                more == 0 ? null : more);
    }

    private static int size(Header header, int most) {
        int value = header.value() == null ? 0 : Math.min(header.value().length, most);
        return HEADER_FRAME + Math.min(header.key().length(), LONGEST_NAME) + value;
    }

    private static String name(String key) {
        if (key.length() <= LONGEST_NAME) {
            return key;
        }
        // Half a surrogate pair cannot be written as UTF-8.
        int end = Character.isHighSurrogate(key.charAt(LONGEST_NAME - 1)) ? LONGEST_NAME - 1 : LONGEST_NAME;
        return key.substring(0, end) + "…";
    }
}
