package io.aeon.protocol;

import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** Single records of a batch break its topic's rules, so that the whole batch is refused. */
public final class RejectedRecordsException extends ApiException {
    private static final long serialVersionUID = 1L;

    private final Errors error;
    private final transient List<RecordError> records;

    RejectedRecordsException(Errors error, String message, List<RecordError> records) {
        super(message);
        this.error = error;
        this.records = List.copyOf(records);
    }

    public Errors error() {
        return error;
    }

    public List<RecordError> records() {
        return records;
    }

    /**
     * What is wrong with one record.
     *
     * @param index its place in the batch
     */
    public record RecordError(int index, String message) {}
}
