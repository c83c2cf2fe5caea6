package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FileProblemTest {
    @Test
    void aMissingRightIsNamedWithTheUserWhoNeedsIt() {
        assertThat(FileProblem.of(new AccessDeniedException("/data/.lock")))
                .isEqualTo("permission denied; give the user " + System.getProperty("user.name")
                        + " the right to read and write it: /data/.lock");
    }

    @Test
    void aFullDiskIsNamedWithWhatHelps() {
        assertThat(FileProblem.of(new FileSystemException("/data/a", null, "No space left on device")))
                .isEqualTo("no space is left on the disk; free some and start again: /data/a");
        assertThat(FileProblem.of(new IOException("No space left on device")))
                .isEqualTo("no space is left on the disk; free some and start again");
    }

    @Test
    void aReadOnlyFileSystemIsNamedWithTheFile() {
        assertThat(FileProblem.of(new FileSystemException("/data/a", null, "Read-only file system")))
                .isEqualTo("the file system is mounted read-only; mount it for writing, or take another directory:"
                        + " /data/a");
    }
}
