package io.aeon.api;

import io.aeon.counters.Durations;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.Errors;

/** What is counted of the requests to one API. Thread-safe. */
public final class ApiCounters {
    private final Durations durations = new Durations();
    private final ConcurrentHashMap<Errors, LongAdder> errors = new ConcurrentHashMap<>();
    private final ErrorCodes.Receiver receiver = this::count;

    /** A request has its whole answer, or needs none, after so many nanoseconds. */
    public void took(long nanos) {
        durations.add(nanos);
    }

    /** Counts the errors in a reply. */
    public void count(Reply reply) {
        if (reply instanceof Reply.Message message) {
            ErrorCodes.in(message.body(), receiver);
        } else if (reply instanceof Reply.WithSlices sliced) {
            ErrorCodes.in(sliced.body(), receiver);
        }
    }

    private void count(short code) {
        errors.computeIfAbsent(Errors.forCode(code), absent -> new LongAdder()).increment();
    }

    /** How long the requests took, from their arrival to the end of their answers. */
    public Durations durations() {
        return durations;
    }

    /** The number of errors in answers; one answer may have an error for each of its partitions. */
    public Map<Errors, Long> errors() {
        Map<Errors, Long> counts = new EnumMap<>(Errors.class);
        errors.forEach((error, count) -> counts.put(error, count.sum()));
        return counts;
    }
}
