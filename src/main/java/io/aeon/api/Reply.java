package io.aeon.api;

import io.aeon.storage.LogSlice;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/** What goes back to the client. */
public sealed interface Reply {
    /** Nothing is sent (produce with acks=0). */
    record None() implements Reply {}

    /** A message, encoded in the request's version. */
    record Message(ApiMessage body) implements Reply {}

    /**
     * A fetch response whose records are still in the log. The encoder copies them straight into the frame and closes
     * every slice, whatever happens.
     *
     * @param body the response with each partition's records null or empty
     * @param slices one for each partition of the body, in its order
     */
    record WithSlices(ApiMessage body, List<LogSlice> slices) implements Reply {}

    Reply NONE = new None();

    static Reply of(ApiMessage body) {
        return new Message(body);
    }
}
