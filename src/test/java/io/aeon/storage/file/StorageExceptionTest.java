package io.aeon.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class StorageExceptionTest {
    @Test
    void thePathIsSaidOnce() {
        assertThat(StorageException.of("cannot write /d/x", new FileSystemException("/d/x", null, "No space left")))
                .hasMessage("cannot write /d/x: No space left");
        assertThat(StorageException.of(
                        "cannot write /d/my data at 7", new FileSystemException("/d/my data", null, "Busy")))
                .hasMessage("cannot write /d/my data at 7: Busy");
        assertThat(StorageException.of("cannot read /d/x", new NoSuchFileException("/d/x")))
                .hasMessage("cannot read /d/x: no such file");
        assertThat(StorageException.of("cannot read /d/x", new AccessDeniedException("/d/x")))
                .hasMessage("cannot read /d/x: access denied");
    }

    @Test
    void anotherPathIsNamed() {
        assertThat(StorageException.of("cannot delete /d/x", new FileSystemException("/d/x/y", null, "Busy")))
                .hasMessage("cannot delete /d/x: /d/x/y: Busy");
        assertThat(StorageException.of("cannot delete /d/x", new FileSystemException("/d/x1", null, "Busy")))
                .hasMessage("cannot delete /d/x: /d/x1: Busy");
        assertThat(StorageException.of("cannot delete /d/x", new IOException("closed")))
                .hasMessage("cannot delete /d/x: closed");
    }
}
