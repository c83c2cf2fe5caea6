package io.aeon.storage.compaction;

import io.aeon.storage.file.StorageException;

/** The progress of one log's compaction, stored together with its durable point. Thread-safe. */
public interface CleanState {
    /** The present progress. */
    CleanPoint clean();

    /** Number of truncations of the log. */
    int truncations();

    /**
     * Stores the progress of a pass; returns false and stores nothing if the log was truncated since the pass began,
     * because its result is then invalid.
     *
     * @param since value of {@link #truncations} when the pass began
     * @throws StorageException the log has failed, or the checkpoint could not be written
     */
    boolean compacted(CleanPoint reached, int since);

    /**
     * Makes the whole log durable and writes a checkpoint.
     *
     * @throws StorageException the log has failed, or the checkpoint could not be written
     */
    void checkpoint();

    /** First offset that the next opening would check, 0 if it would check the whole log. */
    long sealedTo();

    /**
     * Runs {@code change} while no flush and no checkpoint runs.
     *
     * @throws StorageException the log has failed; {@code change} was not run
     */
    void aside(Runnable change);
}
