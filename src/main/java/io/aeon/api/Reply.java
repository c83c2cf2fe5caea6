package io.aeon.api;

import io.aeon.storage.file.LogSlice;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/** The reply to one request. */
public sealed interface Reply {
    /** No response is sent (Produce with acks=0). */
    record None() implements Reply {}

    /** A message, to be encoded in the request's version. */
    record Message(ApiMessage body) implements Reply {}

    /**
     * A fetch response whose records are still in the log: the records fields of the body hold {@link SliceRecords}.
     * The network layer copies the records while it writes the response, and always closes every slice.
     *
     * @param slices every slice that the body refers to
     */
    record WithSlices(ApiMessage body, List<LogSlice> slices) implements Reply {}

    Reply NONE = new None();

    static Reply of(ApiMessage body) {
        return new Message(body);
    }
}
