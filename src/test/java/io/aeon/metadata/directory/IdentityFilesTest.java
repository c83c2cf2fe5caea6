package io.aeon.metadata.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.metadata.raft.QuorumStateFile;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityFilesTest {
    private static final int NODE = 1;
    private static final String CLUSTER = "a cluster";
    private static final MetadataEnvironment ENVIRONMENT = MetadataEnvironment.of(LogFiles.disk());

    @TempDir
    private Path dir;

    private MetadataDirectory formatted;

    @BeforeEach
    void format() {
        formatted = MetadataDirectory.open(dir, NODE, ENVIRONMENT, () -> CLUSTER);
    }

    @ParameterizedTest
    @CsvSource({"''", "version=1", "'version=1\nnode.id=1'", "version=eleven", "nonsense"})
    void aDamagedFileIsRestoredFromTheCopy(String damage) throws IOException {
        String whole = Files.readString(dir.resolve("meta.properties"));
        Files.writeString(dir.resolve("meta.properties"), damage);

        assertThat(MetadataDirectory.open(dir, NODE, ENVIRONMENT, () -> CLUSTER))
                .isEqualTo(formatted);
        assertThat(dir.resolve("meta.properties")).hasContent(whole);
    }

    @Test
    void aLostFileIsRestoredFromTheCopy() throws IOException {
        Files.delete(dir.resolve("meta.properties"));

        assertThat(MetadataDirectory.open(dir, NODE, ENVIRONMENT, () -> CLUSTER))
                .isEqualTo(formatted);
    }

    @Test
    void aDirectoryOfAnEarlierVersionGetsTheCopy() throws IOException {
        Files.delete(dir.resolve(".aeon"));

        assertThat(MetadataDirectory.open(dir, NODE, ENVIRONMENT, () -> CLUSTER))
                .isEqualTo(formatted);
        assertThat(dir.resolve(".aeon")).hasSameTextualContentAs(dir.resolve("meta.properties"));
    }

    @Test
    void theErrorNamesTheDamageWhenTheCopyIsDamagedToo() throws IOException {
        Files.writeString(dir.resolve("meta.properties"), "");
        Files.writeString(dir.resolve(".aeon"), "version=1\nnode.id=1\n");

        assertThatThrownBy(() -> MetadataDirectory.open(dir, NODE, ENVIRONMENT, () -> CLUSTER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        dir.resolve("meta.properties") + " is damaged: it is empty",
                        ".aeon",
                        "cluster.id was not found. ",
                        "backup");
    }

    @Test
    void theErrorNamesADamagedQuorumStateFile() throws IOException {
        Path file = Files.createFile(dir.resolve("quorum-state"));

        assertThatThrownBy(() ->
                        new QuorumStateFile(LogFiles.disk(), dir, new PatientWrites(Duration.ZERO)).readElectionState())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContainingAll(file + " is damaged", "Delete it");
    }
}
