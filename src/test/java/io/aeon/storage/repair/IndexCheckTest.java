package io.aeon.storage.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.file.LogFiles;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison of a segment's index with its batches: ten batches of ten bytes from offset 100 on. */
class IndexCheckTest {
    private static final long BASE = 100;
    private static final int BATCHES = 10;
    private static final int SIZE = 10;

    @TempDir
    private Path directory;

    @Test
    void anIndexOfSomeBatchesIsRight() throws IOException {
        assertThat(wrongEntry(2, 20, 5, 50, 9, 90)).isEqualTo(-1);
        assertThat(wrongEntry()).isEqualTo(-1);
    }

    @Test
    void theFirstEntryWithoutItsBatchIsWrong() throws IOException {
        assertThat(wrongEntry(2, 20, 5, 55, 9, 90)).isEqualTo(1);
        assertThat(wrongEntry(2, 20, 6, 50, 9, 90)).isEqualTo(1);
        assertThat(wrongEntry(2, 20, 5, 50, 10, 100)).isEqualTo(2);
    }

    @Test
    void anEntryThatIsNotBehindTheOneBeforeIsWrong() throws IOException {
        assertThat(wrongEntry(5, 50, 2, 20)).isEqualTo(1);
        assertThat(wrongEntry(5, 50, 5, 50)).isEqualTo(1);
    }

    /** The number of the entry that is reported, -1 if none is. */
    private int wrongEntry(int... offsetsAndPositions) throws IOException {
        ByteBuffer entries = ByteBuffer.allocate(offsetsAndPositions.length * Integer.BYTES);
        entries.asIntBuffer().put(offsetsAndPositions);
        Files.write(SegmentNames.index(directory, BASE), entries.array());
        IndexCheck check = new IndexCheck(directory, BASE, LogFiles.disk());
        for (int batch = 0; batch < BATCHES; batch++) {
            check.batch((long) batch * SIZE, BASE + batch);
        }
        return check.wrong().map(wrong -> (int) wrong.position() / Long.BYTES).orElse(-1);
    }
}
