package io.aeon.storage.log;

/**
 * The place of an appended batch.
 *
 * @param baseOffset offset of the first record
 * @param lastOffset offset of the last record
 * @param logStartOffset the log start offset at the time of the append
 * @param timestampBefore largest timestamp of a producer's batch that is a duplicate and was appended earlier, in
 *     milliseconds since the epoch; {@link #NEW} for a new batch
 */
public record AppendResult(long baseOffset, long lastOffset, long logStartOffset, long timestampBefore) {
    /** Used instead of a timestamp: the batch is no duplicate. */
    public static final long NEW = -1;

    /** The result for a batch that is no duplicate. */
    public AppendResult(long baseOffset, long lastOffset, long logStartOffset) {
        this(baseOffset, lastOffset, logStartOffset, NEW);
    }
}
