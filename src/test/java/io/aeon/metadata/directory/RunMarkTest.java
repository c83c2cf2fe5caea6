package io.aeon.metadata.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.FlushSettings.Mode;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMarkTest {
    private static final MetadataEnvironment ENVIRONMENT = MetadataEnvironment.of(LogFiles.disk());

    @TempDir
    private Path dir;

    @BeforeEach
    void theMachineFailsWhileABrokerRuns() throws IOException {
        mark().serving();
        RunMark.machineFails(dir);
    }

    @Test
    void aStartThatDoesNotComeToServeLeavesTheMarkToTheNext() throws IOException {
        RunMark failed = mark();
        assertThat(failed.machineFailed()).isTrue();

        failed.stopped();

        assertThat(mark().machineFailed()).isTrue();
    }

    @Test
    void aRunThatServedAndStoppedLeavesNoMark() throws IOException {
        RunMark served = mark();
        served.serving();

        served.stopped();

        assertThat(mark().machineFailed()).isFalse();
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void aFailureOfTheMachineAfterTheRegistrationIsFound() throws IOException {
        RunMark handled = mark();
        handled.serving();
        handled.stopped();
        mark().registering();

        RunMark.machineFails(dir);

        assertThat(mark().machineFailed()).isTrue();
    }

    @Test
    void aRegistrationLeavesTheMarkOfAMachineThatFailed() {
        mark().registering();

        assertThat(mark().machineFailed()).isTrue();
    }

    private RunMark mark() {
        return RunMark.find(ENVIRONMENT, dir, Mode.OS);
    }
}
