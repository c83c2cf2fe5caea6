package io.aeon.metadata.log;

import io.aeon.metadata.directory.DiskReserve;
import io.aeon.metadata.directory.PatientWrites;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.raft.LogAppendInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose changes are durable when they complete. If the disk refuses a change, the log is reopened and the change
 * is repeated until it succeeds. One thread changes the log; any thread may read it.
 */
final class DurableLog implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(DurableLog.class);

    private final Path directory;
    private final LogConfig config;
    private final LogEnvironment environment;
    private final PatientWrites writes;
    private final DiskReserve reserve;
    private volatile PartitionLog log;
    private boolean failed;

    /**
     * @throws DamagedLogException the log is damaged; the records before the damage alone would describe other metadata
     */
    DurableLog(Path directory, LogConfig config, LogEnvironment environment, PatientWrites writes) {
        this.directory = directory;
        this.config = config;
        this.environment = environment;
        this.writes = writes;
        this.reserve = new DiskReserve(environment.files(), directory);
        reserve.release();
        this.log = openWhole();
    }

    private PartitionLog openWhole() {
        PartitionLog opened = PartitionLog.open(directory, config, environment);
        opened.recovery().damage().ifPresent(damage -> {
            opened.close();
            throw new DamagedLogException(damage);
        });
        return opened;
    }

    /** The log, for reads and for changes that may fail. */
    PartitionLog log() {
        return log;
    }

    /**
     * Reserves disk space for a full disk, unless it is reserved already. A start first frees the reserved space for
     * its own writes.
     */
    void keepReserve() {
        reserve.refill();
    }

    /**
     * Appends {@code records} at the log end offset and syncs them to the disk.
     *
     * @param action appends the given batches, which are all or the last ones of {@code records}
     */
    LogAppendInfo append(MemoryRecords records, BiConsumer<PartitionLog, ByteBuffer> action) {
        long base = log.logEndOffset();
        change(base, now -> {
            ByteBuffer missing = missing(records, base, now.logEndOffset());
            if (missing.hasRemaining()) {
                action.accept(now, missing);
            }
        });
        return new LogAppendInfo(base, log.logEndOffset() - 1);
    }

    /** The batches that an earlier attempt to append at {@code base} did not leave in the log. */
    private static ByteBuffer missing(MemoryRecords records, long base, long logEndOffset) {
        ByteBuffer bytes = records.buffer();
        if (logEndOffset > base) {
            for (RecordBatch batch : records.batches()) {
                if (batch.lastOffset() >= logEndOffset) {
                    break;
                }
                bytes.position(bytes.position() + batch.sizeInBytes());
            }
        }
        return bytes;
    }

    /**
     * Changes the log and syncs it to the disk.
     *
     * @param durableEnd end offset of the durable records; a reopened log must reach it
     * @param change repeated after a failure; it finds in the log the durable part of an earlier attempt
     */
    void change(long durableEnd, Consumer<PartitionLog> change) {
        writes.untilDone(() -> attempt(durableEnd, change));
    }

    private void attempt(long durableEnd, Consumer<PartitionLog> change) {
        try {
            reopenIfFailed(durableEnd);
            change.accept(log);
            log.flush();
        } catch (StorageException e) {
            failed = true;
            if (!reserve.release()) {
                throw e;
            }
            logger.warn("The reserved disk space is freed for the metadata: {}", e.getMessage());
            attempt(durableEnd, change);
        }
    }

    /** A write to a file beside the log; safe to repeat. */
    interface FileWrite {
        void run() throws IOException;
    }

    /** Runs {@code write}, and repeats it until the disk accepts it. Any thread may call it. */
    void write(Path file, FileWrite write) {
        writes.untilDone(() -> attempt(file, write));
    }

    private void attempt(Path file, FileWrite write) {
        try {
            write.run();
        } catch (IOException e) {
            if (!reserve.release()) {
                throw StorageException.of("cannot write " + file, e);
            }
            logger.warn("The reserved disk space is freed for {}: {}", file, e.getMessage());
            attempt(file, write);
        }
    }

    private void reopenIfFailed(long durableEnd) {
        if (failed) {
            log.close();
            log = openWhole();
            if (log.logEndOffset() < durableEnd) {
                throw new StorageException("the metadata log has lost its records from offset " + log.logEndOffset()
                        + " to " + durableEnd);
            }
            failed = false;
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
