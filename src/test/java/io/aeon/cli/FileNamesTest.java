package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.StartException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileNamesTest {
    @Test
    void aNameThatTheJvmCouldNotReadIsRefused() {
        assertThat(FileNames.require(Path.of("/pr\u00fcfung/data"))).isEqualTo(Path.of("/pr\u00fcfung/data"));

        assertThatThrownBy(() -> FileNames.require(Path.of("/pr\uFFFD\uFFFDfung/data")))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("fung/data", "LC_ALL");
    }
}
