package io.aeon.console;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.Partitions;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.Metadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What this broker knows of its own state, from memory alone. Thread-safe. */
public final class BrokerHealth {
    private static final int MOST_NAMED = 10;

    private final Metadata metadata;
    private final Disks disks;
    private final Partitions partitions;

    public BrokerHealth(Metadata metadata, Disks disks, Partitions partitions) {
        this.metadata = metadata;
        this.disks = disks;
        this.partitions = partitions;
    }

    /** Why clients are not served, empty if they are. */
    Optional<String> whyNotServing() {
        Broker self = metadata.image().broker(metadata.nodeId()).orElse(null);
        if (self == null) {
            return Optional.of("the controller does not know this broker");
        }
        if (self.inControlledShutdown()) {
            return Optional.of("the broker is in a controlled shutdown");
        }
        return self.fenced()
                ? Optional.of("the controller has fenced this broker, because it has not got its heartbeats")
                : Optional.empty();
    }

    /** Everything that is wrong with this broker and its partitions. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        whyNotServing()
                .ifPresent(why -> problems.add(
                        new Problem(why, "look for the reason in this broker's log and in the" + " controllers'")));
        for (Path directory : disks.directories()) {
            disks.at(directory).ifPresentOrElse(disk -> ofDisk(disk, problems), () -> problems.add(missing(directory)));
        }
        ofPartitions(problems);
        return problems;
    }

    private static void ofDisk(Disk disk, List<Problem> problems) {
        disk.health()
                .problem()
                .ifPresent(problem -> problems.add(new Problem(
                        problem, "repair the disk or its mount; its partitions are served again as soon as it works")));
        if (disk.space().isLow()) {
            problems.add(new Problem(
                    "the disk of " + disk.directory() + " is nearly full, and records are refused",
                    "free space on it, or delete records or topics; writing resumes by itself"));
        }
    }

    private static Problem missing(Path directory) {
        return new Problem(
                "the data directory " + directory + " was missing at the start, and its partitions are offline",
                "mount its disk and start the broker again");
    }

    private void ofPartitions(List<Problem> problems) {
        List<String> offline = find(this::isOffline);
        if (!offline.isEmpty()) {
            problems.add(new Problem(
                    count(offline, "has no leader that can read it", "have no leader that can read them"),
                    "look in the log of the brokers that have a replica: it names the file that cannot be read, or the"
                            + " broker that is not there"));
        }
        List<String> unopened = find(
                (topic, partition) -> partition.isLedByOther(metadata.nodeId()) && cannotBeOpened(topic, partition));
        if (!unopened.isEmpty()) {
            problems.add(new Problem(
                    count(
                                    unopened,
                                    "has a replica here that cannot be opened",
                                    "have replicas here that cannot be opened")
                            + "; their leaders serve them",
                    "look in the log of this broker: it names the file that cannot be read"));
        }
        List<String> damaged =
                find((topic, partition) -> partitions.isDamaged(new TopicPartition(topic.name(), partition.index())));
        if (!damaged.isEmpty()) {
            problems.add(new Problem(
                    count(damaged, "has a damaged log", "have damaged logs")
                            + "; only the records before the damage are served",
                    "if no other broker has a replica, stop this one and run 'aeon log repair' on the directory that its log"
                            + " names"));
        }
        List<String> lacking = find((topic, partition) ->
                partition.isr().size() < partition.replicas().size());
        if (!lacking.isEmpty()) {
            problems.add(new Problem(
                    count(lacking, "lacks an in-sync replica", "lack in-sync replicas"),
                    "start the brokers that are not there; one that has just started takes a while to catch up"));
        }
    }

    private boolean isOffline(Topic topic, Partition partition) {
        boolean hasLeader = partition.leader() >= 0 || partition.isLedBy(metadata.nodeId());
        return !hasLeader || (partition.isLedBy(metadata.nodeId()) && cannotBeOpened(topic, partition));
    }

    private boolean cannotBeOpened(Topic topic, Partition partition) {
        return partitions.isOffline(new TopicPartition(topic.name(), partition.index()));
    }

    private List<String> find(BiPredicate<Topic, Partition> wanted) {
        ClusterImage image = metadata.image();
        return image.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> wanted.test(topic, partition))
                        .map(partition -> topic.name() + "-" + partition.index()))
                .toList();
    }

    private static String count(List<String> names, String one, String several) {
        String named = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return names.size() == 1
                ? "partition " + named + " " + one
                : names.size() + " partitions " + several + ": " + named + more;
    }
}
