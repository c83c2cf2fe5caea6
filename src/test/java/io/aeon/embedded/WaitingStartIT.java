package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.LoggedLines;
import io.aeon.PatientWaits;
import io.aeon.metadata.membership.ClusterBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has all metadata, and waits until the cluster lets it serve. Node 1 is the controller. */
class WaitingStartIT {
    @TempDir
    Path dir;

    private final LoggedLines log = LoggedLines.of(ClusterBroker.class);
    private Aeon controller;

    @BeforeEach
    void form() {
        controller = node(1).set("aeon.listeners.controller.port", 0).start();
    }

    @AfterEach
    void stop() {
        controller.close();
        log.close();
    }

    @Test
    void anInterruptEndsItAndReleasesTheDataDirectory() throws IOException {
        CompletableFuture<Aeon> started = new CompletableFuture<>();
        Thread starter = startUntilRefused(started);

        starter.interrupt();

        assertThat(started)
                .failsWithin(PatientWaits.LIMIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(StartException.class)
                .withMessage("the start was interrupted");
        Files.delete(obstacle());
        try (Aeon next = joining().start()) {
            assertThat(next.port()).isPositive();
        }
    }

    @Test
    void aStartThatEndsLeavesTheMarkOfAMachineThatFailed() throws IOException {
        Path mark = dir.resolve("2").resolve(".running");
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, "another boot\n");
        CompletableFuture<Aeon> started = new CompletableFuture<>();
        Thread starter = startUntilRefused(started);

        starter.interrupt();

        assertThat(started).failsWithin(PatientWaits.LIMIT);
        assertThat(mark).hasContent("another boot");
    }

    @Test
    void aRegistrationThatTheDiskDoesNotKeepIsMadeAgain() throws IOException {
        CompletableFuture<Aeon> started = new CompletableFuture<>();
        Thread starter = startUntilRefused(started);
        assertThat(starter.isAlive()).isTrue();

        Files.delete(obstacle());

        PatientWaits.done(started).close();
    }

    /** A directory stands where the broker writes the epoch of its registration. */
    private Thread startUntilRefused(CompletableFuture<Aeon> started) throws IOException {
        Files.createDirectories(obstacle().getParent());
        Files.createFile(obstacle());
        Thread starter = new Thread(() -> start(started));
        starter.start();
        await().until(() -> log.events().stream()
                .anyMatch(event -> event.getFormattedMessage().contains("cannot write ")));
        return starter;
    }

    private Path obstacle() {
        return dir.resolve("2").resolve(".broker-epoch.tmp").resolve("file");
    }

    private void start(CompletableFuture<Aeon> started) {
        try {
            started.complete(joining().start());
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
        }
    }

    private AeonBuilder joining() {
        return node(2).set("aeon.join", controller.controller().orElseThrow());
    }

    private AeonBuilder node(int id) {
        return Aeon.builder().set("aeon.node-id", id).dataDirectory(dir.resolve(Integer.toString(id)));
    }
}
