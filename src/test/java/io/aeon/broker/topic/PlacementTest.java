package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Uuid TOPIC = new Uuid(1, 2);
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Uuid MISSING = new Uuid(9, 9);

    private final Disk a = disk("/a", new Uuid(3, 1));
    private final Disk b = disk("/b", new Uuid(3, 2));
    private final Disks disks = new Disks(List.of(a.directory(), b.directory()), List.of(a, b));
    private final Placement placement = new Placement(disks);

    @Test
    void aNewPartitionGetsTheDirectoryWithTheFewest() {
        IntStream.range(0, 6)
                .forEach(each -> placement.settle(new TopicPartition("orders", each), TOPIC, Optional.empty(), false));

        assertThat(disks.partitionsOf(a)).hasSize(3);
        assertThat(disks.partitionsOf(b)).hasSize(3);

        disks.partitionsOf(b).toList().forEach(disks::forget);
        placement.settle(new TopicPartition("next", 0), TOPIC, Optional.empty(), false);
        assertThat(disks.holding(new TopicPartition("next", 0))).contains(b);
    }

    @Test
    void aDirectoryThatFailsGetsNoNewPartition() {
        a.health().responds(false);

        placement.settle(PARTITION, TOPIC, Optional.empty(), false);

        assertThat(disks.holding(PARTITION)).contains(b);
    }

    @Test
    void aKnownPartitionStaysWhereTheMetadataSay() {
        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(b.id()), false))
                .isTrue();

        assertThat(disks.of(PARTITION)).isEqualTo(b);
    }

    @Test
    void aPartitionInAMissingDirectoryIsLostUntilItIsDeleted() {
        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(MISSING), false))
                .isFalse();
        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(MISSING), false))
                .isFalse();

        assertThat(disks.holding(PARTITION)).isEmpty();
        assertThat(disks.whyLost(PARTITION))
                .hasValueSatisfying(why -> assertThat(why).contains(MISSING.toString()));
        disks.forget(PARTITION);
        assertThat(placement.settle(PARTITION, new Uuid(1, 3), Optional.empty(), false))
                .isTrue();
    }

    @Test
    void theOnlyDirectoryDoesNotReplaceAMissingOne() {
        Disks only = new Disks(List.of(a.directory()), List.of(a));

        assertThat(new Placement(only).settle(PARTITION, TOPIC, Optional.of(MISSING), false))
                .isFalse();
        assertThat(only.holding(PARTITION)).isEmpty();
        assertThat(only.holding(new TopicPartition("orders", 1))).contains(a);
    }

    @Test
    void aPartitionInAMissingDirectoryIsCreatedAnewIfAnotherBrokerLeadsIt() {
        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(MISSING), false))
                .isFalse();

        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(MISSING), true))
                .isTrue();
        assertThat(disks.holding(PARTITION)).isPresent();
    }

    @Test
    void aDirectoryThatCannotBeUsedNowKeepsItsPartitions() {
        Disks incomplete = new Disks(List.of(a.directory(), b.directory()), List.of(a));

        assertThat(new Placement(incomplete).settle(PARTITION, TOPIC, Optional.of(b.id()), true))
                .isFalse();
    }

    @Test
    void filesThatWereMovedByHandAreFound() {
        placement.found(Map.of(a, files(false), b, files(true, PARTITION)));

        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(a.id()), false))
                .isTrue();

        assertThat(disks.of(PARTITION)).isEqualTo(b);
    }

    @Test
    void ofTwoDirectoriesWithFilesTheOneInTheMetadataCounts() {
        placement.found(Map.of(a, files(false, PARTITION), b, files(true, PARTITION)));

        placement.settle(PARTITION, TOPIC, Optional.of(a.id()), false);

        assertThat(disks.of(PARTITION)).isEqualTo(a);
        assertThat(placement.takeLeftovers()).containsExactly(new PartitionDirectory(b, PARTITION, TOPIC));
    }

    @Test
    void ofTwoDirectoriesWithFilesNoneIsGuessed() {
        placement.found(Map.of(a, files(true, PARTITION), b, files(true, PARTITION)));

        assertThat(placement.settle(PARTITION, TOPIC, Optional.of(MISSING), false))
                .isFalse();
    }

    private static FoundPartitions files(boolean areUnexpected, TopicPartition... found) {
        return FoundPartitions.of(
                List.of(found), areUnexpected ? Set.of(found) : Set.of(), Set.of(), Map.of(), List.of());
    }

    private static Disk disk(String path, Uuid id) {
        Disk one = OneDisk.of(
                Path.of(path), new LogEnvironment(Clock.systemUTC(), new MapBudget(1), LogFiles.disk()), Runnable::run);
        return new Disk(one.directory(), id, one.environment(), one.space(), one.stall(), one.health(), one.blocking());
    }
}
