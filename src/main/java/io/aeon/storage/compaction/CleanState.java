package io.aeon.storage.compaction;

import io.aeon.storage.file.StorageException;

/** How far one log is compacted, kept where it is kept how far the log is durable. Thread-safe. */
public interface CleanState {
    /** How far the log is compacted. */
    CleanPoint clean();

    /** How often the log was truncated. */
    int truncations();

    /**
     * Writes down how far the log is compacted; false if it was truncated since, and then what a pass has found out is
     * void.
     *
     * @param since {@link #truncations} when the pass began
     * @throws StorageException the log has failed, or the disk did
     */
    boolean compacted(CleanPoint reached, int since);

    /**
     * Makes all of the log durable and writes down how far.
     *
     * @throws StorageException the log has failed, or the disk did
     */
    void checkpoint();

    /** The first offset that a start would not take for durable without a look, 0 if it would look at all. */
    long sealedTo();

    /**
     * Runs {@code change} while nothing is forced or written down.
     *
     * @throws StorageException the log has failed; nothing was run
     */
    void aside(Runnable change);
}
