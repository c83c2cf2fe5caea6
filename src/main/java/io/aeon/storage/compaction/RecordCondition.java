package io.aeon.storage.compaction;

/** Asked about one record of a batch. */
@FunctionalInterface
public interface RecordCondition {
    /**
     * @param bytes holds the key; valid during the call only
     * @param keySize -1 for a record without a key
     * @param hasValue false for a tombstone
     */
    boolean test(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue);
}
