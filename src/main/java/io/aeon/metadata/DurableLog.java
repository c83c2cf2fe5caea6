package io.aeon.metadata;

import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose changes are on the disk when they are done. A change that the disk refuses is repeated until it is taken, on
 * the log opened anew. One thread changes it, any may read.
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

    /** @throws DamagedLogException the log is damaged: what lies before the damage would be other metadata */
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

    /** To read from, and for what may fail. */
    PartitionLog log() {
        return log;
    }

    /** Keeps disk space aside for the day the disk is full, unless it is; a start gives it up first, for itself. */
    void keepReserve() {
        reserve.refill();
    }

    /**
     * Changes the log and forces it.
     *
     * @param durableEnd what is below this offset is durable and must be found again
     * @param change is repeated after a failure; what an earlier attempt has left in the log is durable then
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
            logger.warn("The disk space kept aside for metadata is given up: {}", e.getMessage());
            attempt(durableEnd, change);
        }
    }

    private void reopenIfFailed(long durableEnd) {
        if (failed) {
            log.close();
            log = openWhole();
            if (log.logEndOffset() < durableEnd) {
                throw new StorageException(
                        "the metadata log has lost its end from offset " + log.logEndOffset() + " to " + durableEnd);
            }
            failed = false;
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
