package io.aeon.storage.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedBytesTest {
    private static final int PAGE = 4096;
    private static final int PAGES = 64;

    @TempDir
    private Path temp;

    /** Repeated often enough to be compiled: compiled code reports a lost page late unless it is forced. */
    @Test
    void aLostPageThrowsAtThePlaceOfTheAccess() throws IOException {
        byte[] target = new byte[PAGES * PAGE];
        try (LogFile file = LogFiles.disk().openForWriting(temp.resolve("file"))) {
            file.write(ByteBuffer.allocate(PAGES * PAGE), 0);
            MappedByteBuffer map = file.map(PAGES * PAGE);
            for (int i = 0; i < 20_000; i++) {
                MappedBytes.copy(map, 0, target, 0, 1 + i % PAGE);
            }
            file.truncate(PAGE);
            for (int i = 0; i < 2_000; i++) {
                int length = 2 * PAGE + 7 * i;
                assertThatThrownBy(() -> MappedBytes.copy(map, 0, target, 0, length))
                        .isInstanceOf(StorageException.class);
            }
            MappedBytes.unmap(map);
        }
    }
}
