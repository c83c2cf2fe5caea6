package io.aeon.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskHealthTest {
    private final BreakableFiles disk = new BreakableFiles();

    @TempDir
    private Path dir;

    private Path mark;
    private DiskHealth health;

    @BeforeEach
    void mount() throws IOException {
        mark = Files.createFile(dir.resolve("mark"));
        health = new DiskHealth(dir, mark, disk.files());
    }

    @Test
    void aDiskThatNobodySuspectsIsNotWritten() {
        disk.failWrite(true);

        assertThat(health.check()).isFalse();
        assertThat(health.problem()).isEmpty();
    }

    @Test
    void aSuspectDiskFailsOnlyWhileItRefusesWrites() throws IOException {
        health.suspect();
        assertThat(health.check()).isFalse();
        assertThat(health.problem()).isEmpty();

        disk.failWrite(true);
        health.suspect();
        assertThat(health.check()).isTrue();
        assertThat(health.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains(dir.toString()));
        assertThat(health.check()).isFalse();

        disk.failWrite(false);
        assertThat(health.check()).isTrue();
        assertThat(health.problem()).isEmpty();
        try (Stream<Path> entries = Files.list(dir)) {
            assertThat(entries).containsExactly(mark);
        }
    }

    @Test
    void aDiskThatIsSilentHasAProblem() {
        health.responds(false);
        assertThat(health.problem()).isPresent();

        health.responds(true);
        assertThat(health.problem()).isEmpty();
    }

    @Test
    void aDirectoryWithoutItsMarkIsNotMounted() throws IOException {
        health.requirePresent();

        Files.delete(mark);
        assertThatThrownBy(health::requirePresent)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("not mounted");
        health.suspect();
        assertThat(health.check()).isTrue();
    }
}
