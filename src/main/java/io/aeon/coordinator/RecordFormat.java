package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The format of the records of a coordinator topic. It is Kafka's format, so that Kafka reads Aeon's records and Aeon
 * reads Kafka's.
 *
 * @param <R> type of the records
 */
public interface RecordFormat<R> {
    ByteBuffer key(R record);

    /** Null for a tombstone. */
    @Nullable
    ByteBuffer value(R record);

    /**
     * Decodes a key and its value; empty for a record of an unknown kind.
     *
     * @throws RuntimeException the key or the value cannot be read
     */
    Optional<R> decode(ByteBuffer key, @Nullable ByteBuffer value);

    /** The group id or transactional id to which a record belongs. */
    String idOf(R record);
}
