package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.PartitionLog;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The read faults of one open log; each is logged once. Thread-safe. */
final class LogFaults {
    private static final Logger logger = LoggerFactory.getLogger(LogFaults.class);
    private static final int MOST_REPORTS = 100;

    private final PartitionDirectory directory;
    private final PartitionLog log;
    private final Replies replies;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    LogFaults(PartitionDirectory directory, PartitionLog log, Replies replies) {
        this.replies = replies;
        this.directory = directory;
        this.log = log;
    }

    /** The damage that puts the log into quarantine, in which it accepts no changes; empty if there is none. */
    Optional<Damage> damage() {
        return log.recovery().damage();
    }

    /** Logs the damage, if there is any. */
    void report() {
        damage().ifPresent(this::report);
    }

    private void report(Damage damage) {
        logger.error(
                "{} accepts no records and serves only the records before the damage. If no other broker has a replica,"
                        + " stop this one and run 'aeon log repair {}': {}",
                directory,
                directory.path(),
                damage);
        reported.add(new DamagedLogException(damage).toString());
    }

    /**
     * Refuses {@code change} because the log is damaged, or lacks records that another replica has.
     *
     * @throws StorageException always
     */
    void refuse(PartitionCommand change) {
        throw damage().<StorageException>map(DamagedLogException::new)
                .orElseGet(() -> new StorageException(directory + " lacks committed records on this broker"));
    }

    /**
     * Fails a request that could not be answered. A fault of the files is logged once, however often clients repeat the
     * request.
     */
    void failed(PartitionCommand question, RuntimeException cause) {
        if (cause instanceof StorageException && reported.size() < MOST_REPORTS && reported.add(cause.toString())) {
            logger.error("{} cannot be read completely", directory, cause);
        }
        replies.fail(question, cause);
    }
}
