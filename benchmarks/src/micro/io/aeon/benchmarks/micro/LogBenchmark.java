package io.aeon.benchmarks.micro;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.segment.OffsetIndex;
import io.aeon.storage.segment.SegmentIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** A log of batches of 16 KiB in {@code /dev/shm}, so that the disk has no part in it. */
public class LogBenchmark extends Leaf {
    private static final int RECORDS = 16;
    private static final int BATCHES = 4096;
    private static final int PIECE = 128 << 10;
    private static final int ONE_MIB = 1 << 20;

    private final ByteBuffer batch = Samples.records(RECORDS, 1024).buffer();
    private final SegmentIndex index = new SegmentIndex(0);
    private final LogEnvironment environment =
            new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk());
    private Path directory;
    private PartitionLog growing;
    private PartitionLog full;
    private long next;

    @Setup
    public void prepare() throws IOException {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "micro");
        for (int i = 0; i < BATCHES; i++) {
            index.add(i * batch.limit(), batch.limit(), (i + 1L) * RECORDS - 1, 0, 0);
        }
        growing = open("growing");
        full = open("full");
        while (full.logEndOffset() < BATCHES * RECORDS) {
            full.append(batch, 0);
        }
    }

    @TearDown
    public void remove() throws IOException {
        delete(growing);
        delete(full);
        Files.delete(directory);
    }

    /** Every 64 MiB with a new log in the place of the old one. */
    @Benchmark
    public AppendResult append16KiB() {
        if (growing.logEndOffset() == BATCHES * RECORDS) {
            delete(growing);
            growing = open("growing");
        }
        return growing.append(batch, 0);
    }

    @Benchmark
    public OffsetIndex.Entry lookUpInIndex() {
        next = (next + 40_503) % (BATCHES * RECORDS);
        return index.offsets().floor(next);
    }

    /** The last 16 KiB, as a consumer at the end reads them. */
    @Benchmark
    public void readEnd(Blackhole sink) {
        read(full.logEndOffset() - 1, sink);
    }

    /** Found and lent, not copied. */
    @Benchmark
    public int findEnd() {
        try (LogSlice slice = full.read(full.logEndOffset() - 1, ONE_MIB, true, Long.MAX_VALUE)) {
            return slice.size();
        }
    }

    /** From the file: what was written a moment ago. */
    @Benchmark
    public void readRecent1MiB(Blackhole sink) {
        next = (next + 1) % RECORDS;
        read(full.logEndOffset() - 2 * ONE_MIB / 1024 + next, sink);
    }

    /** From the memory map. */
    @Benchmark
    public void readOlder1MiB(Blackhole sink) {
        next = (next + 40_503) % (BATCHES / 2 * RECORDS);
        read(next, sink);
    }

    private void read(long offset, Blackhole sink) {
        try (LogSlice slice = full.read(offset, ONE_MIB, true, Long.MAX_VALUE)) {
            for (int at = 0; at < slice.size(); at += PIECE) {
                byte[] piece = new byte[Math.min(PIECE, slice.size() - at)];
                slice.copyTo(at, piece.length, piece, 0);
                sink.consume(piece);
            }
        }
    }

    private PartitionLog open(String name) {
        return PartitionLog.open(directory.resolve(name), LogConfig.DEFAULT, environment);
    }

    private void delete(PartitionLog log) {
        log.close();
        ClosedLogs.delete(directory.resolve(log == full ? "full" : "growing"), environment.files());
    }
}
