package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeonDirectoryTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(strings = {".lock", ".gitkeep", "lost+found", "meta.properties.tmp", "meta.properties"})
    void anEmptyDirectoryIsAccepted(String file) throws IOException {
        Files.createFile(dir.resolve(file));

        assertThat(AeonDirectory.require(dir)).isEqualTo(dir);
        assertThat(AeonDirectory.require(dir.resolve("new"))).isEqualTo(dir.resolve("new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".aeon", "__cluster_metadata-0/recovery.checkpoint", "__cluster_metadata-0/reserve"})
    void aDirectoryWithAFileOfAeonIsAccepted(String mark) throws IOException {
        kafkas();
        Files.createFile(dir.resolve(mark));

        assertThat(AeonDirectory.require(dir)).isEqualTo(dir);
    }

    @Test
    void aDirectoryOfKafkaIsRefusedAndNotChanged() throws IOException {
        kafkas();
        List<Path> before = contents();

        assertThatThrownBy(() -> Aeon.builder().dataDirectory(dir).start())
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll(dir.toString(), "Apache Kafka", "aeon import " + dir);

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void aDirectoryOfAnotherProgramIsRefusedWithTheNameOfAFileInIt() throws IOException {
        Files.createFile(dir.resolve("letter.txt"));

        assertThatThrownBy(() -> Aeon.builder().dataDirectory(dir).start())
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll(dir.toString(), "letter.txt");

        assertThat(contents()).containsExactly(dir, dir.resolve("letter.txt"));
    }

    @Test
    void theErrorNamesAFileInsteadOfADirectory() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));

        assertThatThrownBy(() -> Aeon.builder().dataDirectory(file).start())
                .isInstanceOf(StartException.class)
                .hasMessage("the data directory " + file + " cannot be used: " + file + " is a file");
    }

    private void kafkas() throws IOException {
        Path log = Files.createDirectory(dir.resolve("__cluster_metadata-0"));
        Files.createFile(log.resolve("00000000000000000000.log"));
        Files.createFile(log.resolve("quorum-state"));
        Files.createFile(dir.resolve("meta.properties"));
        Files.createFile(dir.resolve("bootstrap.checkpoint"));
    }

    private List<Path> contents() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            return all.sorted().toList();
        }
    }
}
