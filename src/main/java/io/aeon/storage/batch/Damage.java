package io.aeon.storage.batch;

import java.nio.file.Path;

/**
 * Where a log holds something else than what was written.
 *
 * @param file the segment's .log file
 * @param position first byte of the batch that is not whole
 * @param offset first offset that cannot be read for it, {@link #UNKNOWN} if nobody can tell
 * @param reason what is wrong there
 */
public record Damage(Path file, long position, long offset, String reason) {
    /** In place of an offset that nobody can tell. */
    public static final long UNKNOWN = -1;

    @Override
    public String toString() {
        String where = file + " is damaged at " + position;
        return (offset == UNKNOWN ? where : where + ", offset " + offset) + ": " + reason;
    }
}
