package io.aeon.metadata.log;

import io.aeon.metadata.directory.PatientWrites;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.raft.Isolation;
import org.apache.kafka.raft.LogOffsetMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A metadata log on a disk that a test can fill. */
abstract class OpenMetadataLog {
    @TempDir
    Path dir;

    final FillableDisk disk = new FillableDisk();
    final PatientWrites writes = new PatientWrites(Duration.ofMillis(1));
    MetadataLog log;

    @BeforeEach
    void open() {
        log = new MetadataLog(dir, disk.files(), Clock.systemUTC(), writes);
    }

    @AfterEach
    void close() {
        disk.fullWhile(() -> false);
        log.close();
    }

    void reopen() {
        log.close();
        open();
    }

    void commit(long offset) {
        log.updateHighWatermark(new LogOffsetMetadata(offset));
    }

    /** The base offsets of the batches from {@code from} on. */
    List<Long> offsets(Isolation isolation, long from) {
        List<Long> offsets = new ArrayList<>();
        log.read(from, isolation, Integer.MAX_VALUE)
                .records
                .batches()
                .forEach(batch -> offsets.add(batch.baseOffset()));
        return offsets;
    }
}
