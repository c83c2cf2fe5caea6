package io.aeon.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderEpochsTest {
    @TempDir
    private Path directory;

    private final LogFiles files = LogFiles.disk();
    private LeaderEpochs epochs = LeaderEpochs.empty(Path.of(""), files);

    @BeforeEach
    void fill() {
        epochs = LeaderEpochs.empty(directory, files);
        epochs.assign(2, 10);
        epochs.assign(2, 15);
        epochs.assign(5, 20);
        epochs.assign(6, 30);
    }

    @Test
    void anEpochEndsWhereTheNextLargerOneBegins() {
        assertThat(epochs.endOf(2, 40)).isEqualTo(new EpochEndOffset(2, 20));
        assertThat(epochs.endOf(3, 40)).isEqualTo(new EpochEndOffset(2, 20));
        assertThat(epochs.endOf(5, 40)).isEqualTo(new EpochEndOffset(5, 30));
        assertThat(epochs.endOf(6, 40)).isEqualTo(new EpochEndOffset(6, 40));
    }

    @Test
    void beforeTheFirstAndAfterTheLastEpochTheAnswersAreKafkas() {
        assertThat(epochs.endOf(1, 40)).isEqualTo(new EpochEndOffset(1, 10));
        assertThat(epochs.endOf(7, 40)).isEqualTo(new EpochEndOffset(-1, -1));
        assertThat(epochs.endOf(-1, 40)).isEqualTo(new EpochEndOffset(-1, -1));
        assertThat(LeaderEpochs.empty(directory, files).endOf(0, 0)).isEqualTo(new EpochEndOffset(-1, -1));
    }

    @Test
    void truncationOfTheEndRemovesTheEpochsThatBeganThere() {
        epochs.truncateFromEnd(20);
        assertThat(epochs.latest()).isEqualTo(2);
        assertThat(epochs.endOf(2, 20)).isEqualTo(new EpochEndOffset(2, 20));
    }

    @Test
    void truncationOfTheStartMovesTheStartOfTheFirstRecordsEpoch() {
        epochs.truncateFromStart(25);
        assertThat(epochs.endOf(2, 40)).isEqualTo(new EpochEndOffset(2, 25));
        assertThat(epochs.endOf(5, 40)).isEqualTo(new EpochEndOffset(5, 30));
        epochs.truncateFromStart(5);
        assertThat(epochs.endOf(5, 40)).isEqualTo(new EpochEndOffset(5, 30));
    }

    @Test
    void theFileHasKafkasFormat() throws IOException {
        epochs.write();
        Path file = directory.resolve("leader-epoch-checkpoint");
        assertThat(Files.readString(file)).isEqualTo("0\n3\n2 10\n5 20\n6 30\n");
        LeaderEpochs read = LeaderEpochs.read(directory, files);
        assertThat(read).isNotNull();
        assertThat(read.endOf(2, 40)).isEqualTo(new EpochEndOffset(2, 20));
        assertThat(read.latest()).isEqualTo(6);
    }

    @Test
    void anInvalidFileIsNotRead() throws IOException {
        assertThat(LeaderEpochs.read(directory, files)).isNull();
        for (String text : List.of("", "1\n0\n", "0\n2\n1 0\n", "0\n1\n1\n", "0\n1\nx 0\n", "0\n")) {
            Files.writeString(directory.resolve("leader-epoch-checkpoint"), text);
            assertThat(LeaderEpochs.read(directory, files)).isNull();
        }
    }
}
