package io.aeon.storage.log;

/**
 * Where a batch went.
 *
 * @param baseOffset offset of its first record
 * @param lastOffset offset of its last record
 * @param logStartOffset the log's first offset at that moment
 * @param timestampBefore largest timestamp of a producer's batch that was appended before and is not appended again,
 *     milliseconds since the epoch; {@link #NEW} if it was not
 */
public record AppendResult(long baseOffset, long lastOffset, long logStartOffset, long timestampBefore) {
    /** In place of a timestamp: the batch was not there before. */
    public static final long NEW = -1;

    /** Of a batch that was not there before. */
    public AppendResult(long baseOffset, long lastOffset, long logStartOffset) {
        this(baseOffset, lastOffset, logStartOffset, NEW);
    }
}
