package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a coordinator topic are written: in Kafka's formats, so that its tools read ours and we read its.
 *
 * @param <R> a record
 */
public interface RecordFormat<R> {
    ByteBuffer key(R record);

    /** Null for a tombstone. */
    @Nullable
    ByteBuffer value(R record);

    /**
     * What a key and its value say, empty for a kind of record that is not known.
     *
     * @throws RuntimeException they say nothing that can be read
     */
    Optional<R> decode(ByteBuffer key, @Nullable ByteBuffer value);

    /** Which group or transactional id a record is about. */
    String idOf(R record);
}
