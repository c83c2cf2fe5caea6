package io.aeon.protocol;

import java.util.List;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/** Single records break the rules of their topic, so the whole batch is refused. */
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
     * The fault of one record.
     *
     * @param index position of the record in the batch
     */
    public record RecordError(int index, String message) {}
}
