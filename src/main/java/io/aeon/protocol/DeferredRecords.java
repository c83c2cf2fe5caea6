package io.aeon.protocol;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Records of a response that are read only when the response is written. */
public interface DeferredRecords extends BaseRecords {
    /** Copies {@code length} bytes, starting at {@code from}, to {@code target} at {@code position}. */
    void copyTo(int from, int length, byte[] target, int position);

    /**
     * Writes up to {@code length} bytes, starting at {@code from}, as many as {@code socket} takes at once.
     *
     * @return number of bytes written; 0 also if {@link #copyTo} would throw an exception for these records
     * @throws IOException the records cannot be read, or the socket cannot be written
     */
    int transferTo(int from, int length, WritableByteChannel socket) throws IOException;

    /** Unused: kafka-clients' own way of writing records to a socket. */
    @Override
    default RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("records are written by their frame");
    }
}
