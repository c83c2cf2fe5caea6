package io.aeon.broker.partition.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.DiskHealth;
import io.aeon.broker.disk.OneDisk;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionDirectoryTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    @TempDir
    private Path dir;

    private Path mark;
    private PartitionDirectory directory;

    @BeforeEach
    void mount() throws IOException {
        mark = Files.createFile(dir.resolve("mark"));
        Disk disk = OneDisk.of(
                dir, new LogEnvironment(Clock.systemUTC(), new MapBudget(10), LogFiles.disk()), Runnable::run);
        DiskHealth health = new DiskHealth(dir, mark, LogFiles.disk());
        directory = new PartitionDirectory(
                new Disk(dir, disk.id(), disk.environment(), disk.space(), disk.stall(), health, disk.blocking()),
                PARTITION,
                new Uuid(1, 2));
    }

    @Test
    void anUnmountedDiskIsNoEmptyPartition() throws IOException {
        Files.delete(mark);

        assertThatThrownBy(() -> directory.open(LogConfig.DEFAULT))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("not mounted");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void aPartitionWithoutRecordsIsEmptyOnADiskThatIsThere() {
        try (PartitionLog log = directory.open(LogConfig.DEFAULT)) {
            assertThat(log.logEndOffset()).isZero();
        }
    }

    @Test
    void filesOfAnotherTopicAreNotItsOwn() {
        directory.claim();

        assertThat(directory.isOwn()).isTrue();
        assertThat(new PartitionDirectory(directory.disk(), PARTITION, new Uuid(3, 4)).isOwn())
                .isFalse();
    }
}
