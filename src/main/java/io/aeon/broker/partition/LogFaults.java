package io.aeon.broker.partition;

import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.PartitionLog;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of one open log cannot be read, and that it is said once. Thread-safe. */
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

    /** What the log is in quarantine for: it takes no changes then. */
    Optional<Damage> damage() {
        return log.recovery().damage();
    }

    /** Quarantine begins, if there is damage. */
    void report() {
        damage().ifPresent(this::report);
    }

    private void report(Damage damage) {
        logger.error(
                "{} takes no records and serves only those before the damage, until 'aeon log repair {}' has run: {}",
                directory,
                directory.path(),
                damage);
        reported.add(new DamagedLogException(damage).toString());
    }

    /** Always throws, as the log is damaged. */
    void refuse(PartitionCommand change) {
        throw new DamagedLogException(damage().orElseThrow());
    }

    /** Answers a question that went wrong; a fault of the files is logged once, however often clients ask again. */
    void failed(PartitionCommand question, RuntimeException cause) {
        if (cause instanceof StorageException && reported.size() < MOST_REPORTS && reported.add(cause.toString())) {
            logger.error("{} cannot be read everywhere", directory, cause);
        }
        replies.fail(question, cause);
    }
}
