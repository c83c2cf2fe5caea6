package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionMetadataFileTest {
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAg";

    @TempDir
    private Path temp;

    private final LogFiles files = LogFiles.disk();

    @Test
    void theFileHasKafkasFormat() throws IOException {
        Path directory = temp.resolve("topic-0");
        assertThat(PartitionMetadataFile.read(directory, files)).isEmpty();
        PartitionMetadataFile.write(directory, ID, files);
        assertThat(Files.readString(directory.resolve("partition.metadata"))).isEqualTo("version: 0\ntopic_id: " + ID);
        assertThat(PartitionMetadataFile.read(directory, files)).contains(ID);
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Files.writeString(temp.resolve("partition.metadata"), "version: 1\ntopic_id: " + ID);
        assertThatThrownBy(() -> PartitionMetadataFile.read(temp, files)).isInstanceOf(StorageException.class);
    }
}
