package io.aeon.storage.segment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The names of a segment's files, as in Kafka. */
public final class SegmentNames {
    static final String DELETED = ".deleted";

    /** Suffix of a file that compaction is writing. */
    public static final String CLEANED = ".cleaned";

    /** Suffix of a finished file that will replace others. */
    public static final String SWAP = ".swap";

    private static final String LOG = ".log";
    private static final String SNAPSHOT = ".snapshot";
    private static final String TRANSACTION_INDEX = ".txnindex";
    private static final int DIGITS = 20;

    private SegmentNames() {}

    /** The file with the segment's batches. */
    public static Path log(Path directory, long baseOffset) {
        return file(directory, baseOffset, LOG);
    }

    /** The file with the offset index. */
    public static Path index(Path directory, long baseOffset) {
        return file(directory, baseOffset, ".index");
    }

    static Path timeIndex(Path directory, long baseOffset) {
        return file(directory, baseOffset, ".timeindex");
    }

    /** The file with the aborted transactions whose markers are in the segment. */
    public static Path transactionIndex(Path directory, long baseOffset) {
        return file(directory, baseOffset, TRANSACTION_INDEX);
    }

    /** The file with the producer states at that offset. */
    public static Path snapshot(Path directory, long endOffset) {
        return file(directory, endOffset, SNAPSHOT);
    }

    /**
     * All files of a segment in deletion order. The log file is last: an interrupted deletion leaves a valid segment.
     */
    static List<Path> all(Path directory, long baseOffset) {
        List<Path> files = new ArrayList<>(replaceable(directory, baseOffset));
        files.add(0, snapshot(directory, baseOffset));
        files.add(0, transactionIndex(directory, baseOffset));
        return files;
    }

    /** The files that compaction replaces. The files of producers and transactions of the first segment stay valid. */
    static List<Path> replaceable(Path directory, long baseOffset) {
        return List.of(timeIndex(directory, baseOffset), index(directory, baseOffset), log(directory, baseOffset));
    }

    /** The files that are rebuilt from the segment's log when they are missing. */
    public static List<Path> caches(Path directory, long baseOffset) {
        return List.of(index(directory, baseOffset), timeIndex(directory, baseOffset));
    }

    /** Base offsets of the segments among these file names, ascending. */
    public static long[] baseOffsets(List<String> names) {
        return offsets(names, LOG);
    }

    /** Offsets of the producer snapshots among these file names, ascending. */
    public static long[] snapshotOffsets(List<String> names) {
        return offsets(names, SNAPSHOT);
    }

    /** Base offsets of the segments with an index of aborted transactions among these file names, ascending. */
    public static long[] transactionIndexOffsets(List<String> names) {
        return offsets(names, TRANSACTION_INDEX);
    }

    private static long[] offsets(List<String> names, String suffix) {
        return names.stream()
                .filter(name -> isNumbered(name, suffix))
                .mapToLong(SegmentNames::offset)
                .sorted()
                .toArray();
    }

    private static boolean isNumbered(String name, String suffix) {
        return name.length() == DIGITS + suffix.length() && name.endsWith(suffix) && startsWithOffset(name);
    }

    /** Base offsets of the segments that compaction had not finished. */
    static long[] unfinished(List<String> names) {
        return withSuffix(names, CLEANED);
    }

    /**
     * Base offsets of the segments with .swap files: finished segments, also those whose log file has its final name.
     */
    static long[] swaps(List<String> names) {
        return withSuffix(names, SWAP);
    }

    private static long[] withSuffix(List<String> names, String suffix) {
        return names.stream()
                .filter(name -> name.endsWith(suffix) && startsWithOffset(name))
                .mapToLong(SegmentNames::offset)
                .distinct()
                .sorted()
                .toArray();
    }

    private static long offset(String name) {
        return Long.parseLong(name, 0, DIGITS, 10);
    }

    private static boolean startsWithOffset(String name) {
        return name.length() > DIGITS && name.chars().limit(DIGITS).allMatch(c -> c >= '0' && c <= '9');
    }

    private static Path file(Path directory, long baseOffset, String suffix) {
        return directory.resolve(String.format(Locale.ROOT, "%0" + DIGITS + "d", baseOffset) + suffix);
    }
}
