package io.aeon.protocol;

import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Records of a response that are copied into its frame when it is written, not before. */
public interface DeferredRecords extends BaseRecords {
    /** Copies {@code length} bytes from {@code from} on to {@code target} from {@code position} on. */
    void copyTo(int from, int length, byte[] target, int position);

    /** Kafka's own way to a socket, which Aeon does not take. */
    @Override
    default RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("records are copied into the frame");
    }
}
