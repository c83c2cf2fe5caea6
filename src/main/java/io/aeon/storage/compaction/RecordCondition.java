package io.aeon.storage.compaction;

/** A condition on one record of a batch. */
@FunctionalInterface
public interface RecordCondition {
    /**
     * @param bytes contains the key; valid only during the call
     * @param keySize -1 for a record without a key
     * @param hasValue false for a tombstone
     */
    boolean test(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue);
}
