package io.aeon.protocol;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Records of a response that are read when it is written, not before. */
public interface DeferredRecords extends BaseRecords {
    /** Copies {@code length} bytes from {@code from} on to {@code target} from {@code position} on. */
    void copyTo(int from, int length, byte[] target, int position);

    /**
     * Writes of {@code length} bytes from {@code from} on what {@code socket} takes at once.
     *
     * @return how many it took; none, too, where {@link #copyTo} would say what is wrong with them
     * @throws IOException they could not be read, or not written
     */
    int transferTo(int from, int length, WritableByteChannel socket) throws IOException;

    /** Kafka's own way to a socket, which Aeon does not take. */
    @Override
    default RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("records are written by their frame");
    }
}
