package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HighWatermarkFileTest {
    @TempDir
    private Path directory;

    private final LogFiles files = LogFiles.disk();

    @Test
    void kafkaReadsTheFile() throws IOException {
        HighWatermarkFile.write(directory, Map.of("orders-0", 5L, "a-b-12", 7L), files);
        OffsetCheckpointFile kafkas = new OffsetCheckpointFile(
                directory.resolve(HighWatermarkFile.FILE).toFile(), null);
        assertThat(kafkas.read())
                .isEqualTo(Map.of(new TopicPartition("orders", 0), 5L, new TopicPartition("a-b", 12), 7L));
    }

    @Test
    void kafkasFileIsRead() throws IOException {
        new OffsetCheckpointFile(directory.resolve(HighWatermarkFile.FILE).toFile(), null)
                .write(Map.of(new TopicPartition("orders", 0), 5L, new TopicPartition("a-b", 12), 7L));
        assertThat(HighWatermarkFile.read(directory, files)).isEqualTo(Map.of("orders-0", 5L, "a-b-12", 7L));
    }

    @Test
    void aMissingOrDamagedFileIsEmpty() throws IOException {
        assertThat(HighWatermarkFile.read(directory, files)).isEmpty();
        for (String text : List.of("", "0", "1\n0\n", "0\n2\na 0 5\n", "0\n1\na 0\n", "0\n1\na x 5\n", "0\n1\na 0 5")) {
            Files.writeString(directory.resolve(HighWatermarkFile.FILE), text);
            assertThat(HighWatermarkFile.read(directory, files)).isEmpty();
        }
    }
}
