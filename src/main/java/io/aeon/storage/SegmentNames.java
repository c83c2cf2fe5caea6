package io.aeon.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Kafka's names of a segment's files. */
final class SegmentNames {
    static final String DELETED = ".deleted";

    private static final String LOG = ".log";
    private static final int DIGITS = 20;

    private SegmentNames() {}

    static Path log(Path directory, long baseOffset) {
        return file(directory, baseOffset, LOG);
    }

    static Path index(Path directory, long baseOffset) {
        return file(directory, baseOffset, ".index");
    }

    static Path timeIndex(Path directory, long baseOffset) {
        return file(directory, baseOffset, ".timeindex");
    }

    /** Everything that goes when the segment goes; the log last, so that what is left of a cut deletion is a segment. */
    static List<Path> all(Path directory, long baseOffset) {
        return List.of(
                timeIndex(directory, baseOffset),
                index(directory, baseOffset),
                file(directory, baseOffset, ".txnindex"),
                file(directory, baseOffset, ".snapshot"),
                log(directory, baseOffset));
    }

    /** What is built anew from the segment's log when it is missing. */
    static List<Path> caches(Path directory, long baseOffset) {
        return List.of(index(directory, baseOffset), timeIndex(directory, baseOffset));
    }

    /** Base offsets of the segments among these file names, ascending. */
    static long[] baseOffsets(List<String> names) {
        return names.stream()
                .filter(SegmentNames::isLog)
                .mapToLong(name -> Long.parseLong(name, 0, DIGITS, 10))
                .sorted()
                .toArray();
    }

    private static boolean isLog(String name) {
        return name.length() == DIGITS + LOG.length()
                && name.endsWith(LOG)
                && name.chars().limit(DIGITS).allMatch(c -> c >= '0' && c <= '9');
    }

    private static Path file(Path directory, long baseOffset, String suffix) {
        return directory.resolve(String.format(Locale.ROOT, "%0" + DIGITS + "d", baseOffset) + suffix);
    }
}
