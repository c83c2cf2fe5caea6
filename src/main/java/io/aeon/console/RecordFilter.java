package io.aeon.console;

import io.aeon.console.http.HttpQuery;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Selects records whose key, value or headers contain a text, in upper or lower case. A header is searched for as
 * {@code name} or {@code name=value}.
 */
record RecordFilter(Optional<String> key, Optional<String> value, Optional<String> header) {
    static RecordFilter of(HttpQuery query) {
        return new RecordFilter(wanted(query, "key"), wanted(query, "value"), wanted(query, "header"));
    }

    private static Optional<String> wanted(HttpQuery query, String name) {
        return query.text(name).map(RecordFilter::folded);
    }

    boolean takes(ConsumerRecord<byte[], byte[]> record) {
        return (key.isEmpty() || text(record.key()).contains(key.get()))
                && (value.isEmpty() || text(record.value()).contains(value.get()))
                && (header.isEmpty() || hasHeader(record));
    }

    private boolean hasHeader(ConsumerRecord<byte[], byte[]> record) {
        String wanted = header.orElse("");
        for (Header each : record.headers()) {
            if (folded(each.key() + "=").concat(text(each.value())).contains(wanted)) {
                return true;
            }
        }
        return false;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : folded(new String(bytes, StandardCharsets.UTF_8));
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
