package io.aeon.broker.partition.directory;

import io.aeon.broker.disk.Disk;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.segment.LogDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of replicas that are being copied to a data directory. Their names are Kafka's: the name of the
 * partition, a random id and {@code -future}.
 */
public final class FutureDirectories {
    private static final Logger logger = LoggerFactory.getLogger(FutureDirectories.class);
    private static final String SUFFIX = "-future";
    private static final Pattern NAME = Pattern.compile("(.+)-(\\d{1,9})" + LogDirectory.FUTURE);
    private static final int LONGEST_NAME = 255;
    private static final int ID_LENGTH = 32;

    private FutureDirectories() {}

    /** Whether the name of the partition leaves room for the name of a future directory. */
    public static boolean areNamable(TopicPartition partition) {
        return partition.toString().length() + 1 + ID_LENGTH + SUFFIX.length() <= LONGEST_NAME;
    }

    static Path path(Path dataDirectory, TopicPartition partition, String id) {
        return dataDirectory.resolve(partition + "." + id + SUFFIX);
    }

    /**
     * Settles the copies that a crash has left in a data directory. A complete one takes the partition's name; any
     * other is removed.
     *
     * @param isRecordedHere whether the metadata say that this data directory holds the partition: then the copy is
     *     complete
     * @return the partitions whose copies were removed
     */
    public static Set<TopicPartition> settle(Disk disk, Predicate<TopicPartition> isRecordedHere) {
        LogFiles files = disk.environment().files();
        Set<TopicPartition> interrupted = new LinkedHashSet<>();
        try {
            for (String name : files.list(disk.directory())) {
                Matcher matcher = NAME.matcher(name);
                if (matcher.matches()) {
                    TopicPartition partition = new TopicPartition(matcher.group(1), Integer.parseInt(matcher.group(2)));
                    Path future = disk.directory().resolve(name);
                    Path current = disk.directory().resolve(partition.toString());
                    if (isRecordedHere.test(partition) && !files.exists(current)) {
                        logger.info("{}: its move to {} was complete when the broker stopped", partition, disk);
                        files.rename(future, current);
                        files.forceParent(current);
                    } else {
                        ClosedLogs.delete(future, files);
                        interrupted.add(partition);
                    }
                }
            }
            return interrupted;
        } catch (IOException e) {
            throw StorageException.of("cannot settle the moves to " + disk, e);
        }
    }
}
