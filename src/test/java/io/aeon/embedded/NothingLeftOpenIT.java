package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.config.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a broker leaves in this JVM when it is closed, or when its start fails or is interrupted. Isolated, because the
 * JVM's threads are counted; what needs no count is in {@link EmbeddedIT}.
 */
@Isolated
class NothingLeftOpenIT {
    /** Threads of the JDK and of the test library, created at first use and never stopped. */
    private static final Pattern NOT_OURS = Pattern.compile(
            "CompletableFutureDelayScheduler|Common-Cleaner|Cleaner-.*|process reaper.*|awaitility.*|ForkJoinPool-.*");

    @Test
    void aClosedBrokerLeavesNoThreadNoFileAndNoMapping(@TempDir Path dir) {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();

        useOnce(dir.resolve("data"));

        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

    @Test
    void aStartThatFailsLeavesNothingOpen(@TempDir Path dir) throws IOException {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Aeon.builder()
                            .dataDirectory(dir.resolve("data"))
                            .set("aeon.listeners.client.port", taken.getLocalPort())
                            .start())
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("listener client cannot bind 127.0.0.1:" + taken.getLocalPort());
            assertThat(dir.resolve("data")).doesNotExist();
        }
        assertThatThrownBy(() -> Aeon.builder().set("aeon.nonsense", 1).start()).isInstanceOf(SettingsException.class);

        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

    /** An interrupt at the last step can find the broker started; the step after it is no longer part of the start. */
    @Test
    void aStartThatIsInterruptedAtAnyStepLeavesNothingOpen(@TempDir Path dir) throws Exception {
        useOnce(dir.resolve("warm-up"));
        Set<Thread> before = threads();
        Path data = dir.resolve("data");
        for (int step = 0; isInterrupted(data, step); step++) {
            assertThat(step).as("steps").isLessThan(20);
            try (Aeon next = Aeon.builder().dataDirectory(data).start()) {
                assertThat(next.port()).isPositive();
            }
        }

        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(openUnder(dir)).isEmpty();
    }

    private static boolean isInterrupted(Path data, int step) throws Exception {
        CompletableFuture<Aeon> started = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            OpenParts parts = new InterruptingParts(Thread.currentThread(), step);
            try {
                started.complete(Aeon.builder().dataDirectory(data).start(parts));
            } catch (RuntimeException e) {
                started.completeExceptionally(e);
            }
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        caller.start();
        boolean cut = interrupted.get(1, TimeUnit.MINUTES);
        if (started.isCompletedExceptionally()) {
            assertThat(started)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(StartException.class)
                    .withMessage("the start was interrupted");
        } else {
            started.join().close();
        }
        return cut;
    }

    /** Interrupts the thread that waits for the start, at one of the start's steps; 0 is before the first step. */
    private static final class InterruptingParts extends OpenParts {
        private final Thread caller;
        private int left;

        private InterruptingParts(Thread caller, int step) {
            this.caller = caller;
            this.left = step;
            tick();
        }

        @Override
        <T extends AutoCloseable> T opened(String name, T part) {
            tick();
            return super.opened(name, part);
        }

        @Override
        <T extends AutoCloseable> T openedGround(String name, T part) {
            tick();
            return super.openedGround(name, part);
        }

        private void tick() {
            if (left-- == 0) {
                caller.interrupt();
            }
        }
    }

    private static void useOnce(Path dir) {
        try (Aeon broker = Aeon.builder().dataDirectory(dir).start()) {
            EmbeddedIT.create(broker, "topic");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !NOT_OURS.matcher(thread.getName()).matches())
                .collect(Collectors.toSet());
    }

    /** Descriptors and mappings of this process on files below {@code dir}; none where there is no /proc. */
    private static List<String> openUnder(Path dir) {
        try {
            Path self = Path.of("/proc/self");
            if (!Files.exists(self)) {
                return List.of();
            }
            try (Stream<Path> descriptors = Files.list(self.resolve("fd"));
                    Stream<String> mappings = Files.lines(self.resolve("maps"))) {
                return Stream.concat(descriptors.map(NothingLeftOpenIT::target), mappings)
                        .filter(line -> line.contains(dir.toString()))
                        .toList();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
