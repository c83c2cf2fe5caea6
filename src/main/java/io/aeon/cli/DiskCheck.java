package io.aeon.cli;

import io.aeon.embedded.FileProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a data directory can be written, has room, forces writes to the disk fast, and agrees with the clock. */
final class DiskCheck {
    private static final String DISK = "disk";
    private static final String CLOCK = "clock";
    private static final int FSYNCS = 9;
    private static final int BLOCK = 4096;
    private static final Duration SLOW_FSYNC = Duration.ofMillis(20);
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);
    /** No clock of a machine that works shows a time before this program existed. */
    private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");

    private final Clock clock;

    DiskCheck(Clock clock) {
        this.clock = clock;
    }

    /** @param minFree bytes that records must leave free */
    List<CheckResult> of(Path directory, long minFree) {
        Path existing = directory;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!existing.equals(directory)) {
            return Files.isWritable(existing)
                    ? List.of(CheckResult.ok(DISK, directory + " does not exist yet and can be created"))
                    : List.of(CheckResult.failure(
                            DISK, directory + " cannot be created: give the user the right to write " + existing));
        }
        try {
            List<CheckResult> findings = new ArrayList<>(List.of(room(directory, minFree)));
            findings.addAll(writes(directory));
            future(directory).ifPresent(findings::add);
            return findings;
        } catch (IOException e) {
            return List.of(CheckResult.failure(DISK, directory + " cannot be used: " + FileProblem.of(e)));
        }
    }

    private static CheckResult room(Path directory, long minFree) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        String has = directory + " has " + (free >> 20) + " MiB free";
        if (free < minFree) {
            return CheckResult.failure(
                    DISK,
                    has + ", and records are refused below " + (minFree >> 20)
                            + " MiB (aeon.log.min-free-bytes): free some, shorten the retention of topics, or delete some");
        }
        return free < 4 * minFree
                ? CheckResult.warning(
                        DISK,
                        has + ", and records are refused below " + (minFree >> 20)
                                + " MiB (aeon.log.min-free-bytes): free some soon")
                : CheckResult.ok(DISK, has);
    }

    private List<CheckResult> writes(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, ".doctor", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long[] nanos = new long[FSYNCS];
            for (int i = 0; i < FSYNCS; i++) {
                channel.write(ByteBuffer.allocate(BLOCK));
                long begun = System.nanoTime();
                channel.force(false);
                nanos[i] = System.nanoTime() - begun;
            }
            Arrays.sort(nanos);
            Duration median = Duration.ofNanos(nanos[FSYNCS / 2]);
            Instant written = Files.getLastModifiedTime(file).toInstant();
            return List.of(fsync(directory, median), clock(directory, written));
        } finally {
            Files.delete(file);
        }
    }

    private static CheckResult fsync(Path directory, Duration median) {
        String text = "an fsync in " + directory + " takes " + median.toNanos() / 1000 + " us";
        return median.compareTo(SLOW_FSYNC) > 0
                ? CheckResult.warning(
                        DISK,
                        text + ", and in flush mode sync a producer waits for one: take a faster disk, or set"
                                + " aeon.log.flush = interval")
                : CheckResult.ok(DISK, text);
    }

    private CheckResult clock(Path directory, Instant written) {
        Instant now = clock.instant();
        if (now.isBefore(FIRST)) {
            return CheckResult.failure(
                    CLOCK, "the machine's clock shows " + now + ": set it, and have it kept right (chrony, timesyncd)");
        }
        return Duration.between(written, now).abs().compareTo(CLOCK_TOLERANCE) > 0
                ? CheckResult.warning(
                        CLOCK,
                        "the file system of " + directory + " has the time " + written + " and this machine " + now
                                + ": have both clocks kept right, or retention removes segments at a wrong time")
                : CheckResult.ok(CLOCK, "the machine's clock shows " + now + ", and files in " + directory + " agree");
    }

    /** A file that is newer than the present: the clock was set back since. */
    private Optional<CheckResult> future(Path directory) throws IOException {
        Instant limit = clock.instant().plus(CLOCK_TOLERANCE);
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> isAfter(entry, limit))
                    .findFirst()
                    .map(entry -> CheckResult.warning(
                            CLOCK,
                            entry
                                    + " was written in the future, so the clock was set back: records keep their times, and"
                                    + " retention by time removes them later"));
        }
    }

    private static boolean isAfter(Path entry, Instant limit) {
        try {
            return Files.getLastModifiedTime(entry).toInstant().isAfter(limit);
        } catch (IOException e) {
            return false;
        }
    }
}
