package io.aeon.storage.batch;

import java.nio.file.Path;

/**
 * A place of a log that holds other bytes than those that were written.
 *
 * @param file the segment's .log file
 * @param position position of the damaged batch
 * @param offset first offset that cannot be read because of the damage, {@link #UNKNOWN} if it cannot be determined
 * @param reason what is wrong with the batch
 */
public record Damage(Path file, long position, long offset, String reason) {
    /** Used instead of an offset that cannot be determined. */
    public static final long UNKNOWN = -1;

    @Override
    public String toString() {
        String where = file + " is damaged at " + position;
        return (offset == UNKNOWN ? where : where + ", offset " + offset) + ": " + reason;
    }
}
