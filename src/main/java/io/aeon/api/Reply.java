package io.aeon.api;

import io.aeon.storage.file.LogSlice;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/** What goes back to the client. */
public sealed interface Reply {
    /** Nothing is sent (produce with acks=0). */
    record None() implements Reply {}

    /** A message, encoded in the request's version. */
    record Message(ApiMessage body) implements Reply {}

    /**
     * A fetch response whose records are still in the log: the body's records fields hold {@link SliceRecords}. The
     * network copies them into the response's frame when it is written and closes every slice, whatever happens.
     *
     * @param slices every slice the body refers to
     */
    record WithSlices(ApiMessage body, List<LogSlice> slices) implements Reply {}

    Reply NONE = new None();

    static Reply of(ApiMessage body) {
        return new Message(body);
    }
}
