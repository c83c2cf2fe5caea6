package io.aeon.diagnosis;

import java.util.OptionalLong;

/**
 * How far a group has read a partition.
 *
 * @param committed the committed offset
 * @param commitAgeMs milliseconds since its commit, empty if the broker does not tell
 * @param end offset of the next record, empty if the partition does not answer
 */
public record Progress(OptionalLong committed, OptionalLong commitAgeMs, OptionalLong end) {
    /** Nothing is known. */
    public static final Progress NONE = new Progress(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    /** The number of records between the committed offset and the end. */
    public OptionalLong lag() {
        return committed.isPresent() && end.isPresent()
                ? OptionalLong.of(Math.max(0, end.getAsLong() - committed.getAsLong()))
                : OptionalLong.empty();
    }

    Progress endingAt(OptionalLong newEnd) {
        return new Progress(committed, commitAgeMs, newEnd);
    }

    boolean isOffline() {
        return end.isEmpty();
    }
}
