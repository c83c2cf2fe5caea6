package io.aeon.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosedLogsTest {
    @TempDir
    private Path temp;

    private static final String LOG = "00000000000000000000.log";

    private final FaultyFiles files = new FaultyFiles();

    @Test
    void aDeletedLogLeavesNothing() throws IOException {
        Path log = log("topic-0");
        Files.createDirectories(log.resolve("somebody").resolve("s"));
        ClosedLogs.delete(log, files);
        assertThat(temp).isEmptyDirectory();
        ClosedLogs.delete(log, files);
        assertThat(files.openFiles()).isZero();
    }

    @Test
    void aDeletionInterruptedAtAnyPointIsCompleted() {
        for (int operations = 0; !deletesWithin(operations, files); operations++) {
            boolean notBegun = Files.exists(temp.resolve("topic-0").resolve(LOG));
            ClosedLogs.finishDeletions(temp, files);
            assertThat(names())
                    .as("after %s operations", operations)
                    .isEqualTo(notBegun && names().contains("topic-0") ? Set.of("topic-0") : Set.of());
        }
    }

    @Test
    void aDirectoryThatCannotBeRenamedIsDeletedInPlace() {
        for (int operations = 0; !deletesWithin(operations, withoutRename(files)); operations++) {
            assertThat(names()).isSubsetOf("topic-0");
            Path log = temp.resolve("topic-0");
            boolean whole = Files.exists(log.resolve(LOG));
            ClosedLogs.finishDeletion(log, files);
            assertThat(whole || names().isEmpty() || isEmpty(log))
                    .as("after %s operations", operations)
                    .isTrue();
        }
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void foreignFilesStayWhateverTheirNames() throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious"), "precious");
        Files.createSymbolicLink(temp.resolve("link-delete"), elsewhere);
        Path copy = Files.createDirectory(temp.resolve("orders-0-to-delete"));
        Files.createFile(copy.resolve(LOG));
        Path kafkas = Files.createDirectory(temp.resolve("orders-0.d1c9c9e4-delete"));
        Set<String> before = names();
        ClosedLogs.finishDeletions(temp, files);
        assertThat(names()).isEqualTo(before);
        assertThat(precious).exists();
        assertThat(copy).isNotEmptyDirectory();
        assertThat(kafkas).exists();
    }

    @Test
    void aCopyOfALogWhoseDeletionWasBegunStays() throws IOException {
        Path log = log("topic-0");
        files.dieAfter(6);
        assertThatThrownBy(() -> ClosedLogs.delete(log, files)).isInstanceOf(StorageException.class);
        files.dieAfter(Integer.MAX_VALUE);
        Path copy = Files.createDirectory(temp.resolve("copy"));
        try (Stream<Path> left = Files.list(temp.resolve(doomed()))) {
            for (Path file : left.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        ClosedLogs.finishDeletions(temp, files);
        assertThat(names()).containsExactly("copy");
        assertThat(copy).isNotEmptyDirectory();
    }

    @Test
    void theTargetOfALinkStays() throws IOException {
        Path elsewhere = log("elsewhere");
        Files.createSymbolicLink(temp.resolve("topic-0"), elsewhere);
        ClosedLogs.delete(temp.resolve("topic-0"), files);
        Path inside = Files.createSymbolicLink(log("topic-1").resolve("link"), elsewhere);
        assertThat(inside).exists();
        ClosedLogs.delete(temp.resolve("topic-1"), files);
        assertThat(names()).containsExactly("elsewhere");
        assertThat(elsewhere.resolve(LOG)).exists();
    }

    @Test
    void aFullDiskHasRoomForADeletion() {
        Path log = log("topic-0");
        files.fullAfter(0);
        ClosedLogs.delete(log, files);
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aLogThatCannotBeRenamedIsSetAsideFileByFile() {
        for (boolean filesToo : List.of(false, true)) {
            for (int operations = 0; ; operations++) {
                Path log = log("topic-0");
                PartitionMetadataFile.write(log, "another", files);
                byte[] bytes = bytes(log.resolve(LOG));
                files.dieAfter(operations);
                try {
                    ClosedLogs.setAside(log, filesToo ? withoutRename(files) : withoutRenameOfDirectories(files));
                } catch (StorageException dead) {
                    assertThat(files.isDead()).isTrue();
                }
                boolean died = files.isDead();
                files.dieAfter(Integer.MAX_VALUE);
                while (PartitionMetadataFile.read(log, files).isPresent()) {
                    ClosedLogs.setAside(log, withoutRename(files));
                }
                assertThat(isEmpty(log)).as("after %s operations", operations).isTrue();
                assertThat(names().stream()
                                .map(name -> temp.resolve(name).resolve(LOG))
                                .filter(Files::exists))
                        .as("after %s operations", operations)
                        .isNotEmpty()
                        .allSatisfy(aside -> assertThat(bytes(aside)).isEqualTo(bytes));
                names().forEach(name -> ClosedLogs.delete(temp.resolve(name), files));
                assertThat(files.openFiles()).isZero();
                if (!died) {
                    break;
                }
            }
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether the deletion was completed. */
    private boolean deletesWithin(int operations, LogFiles through) {
        Path log = log("topic-0");
        files.dieAfter(operations);
        try {
            ClosedLogs.delete(log, through);
        } catch (StorageException dead) {
            assertThat(files.isDead()).isTrue();
        }
        boolean died = files.isDead();
        files.dieAfter(Integer.MAX_VALUE);
        return !died;
    }

    private Path log(String name) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(10), files);
        ClosedLogs.finishDeletions(temp, files);
        try (PartitionLog log = PartitionLog.open(temp.resolve(name), LogConfig.DEFAULT, environment)) {
            log.append(Batches.batch(1, 10, 1), 0);
        }
        return temp.resolve(name);
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String doomed() {
        return names().stream()
                .filter(name -> name.endsWith("-delete"))
                .findFirst()
                .orElse("topic-0");
    }

    private Set<String> names() {
        try (Stream<Path> all = Files.list(temp)) {
            return all.map(each -> each.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Behaves like an overlay file system with a directory in a lower layer. */
    private static LogFiles withoutRenameOfDirectories(LogFiles files) {
        return withoutRename(files, files::isDirectory);
    }

    /** Behaves like a directory that is a file system of its own. */
    private static LogFiles withoutRename(LogFiles files) {
        return withoutRename(files, file -> !file.toString().endsWith(AtomicFile.TEMPORARY));
    }

    private static LogFiles withoutRename(LogFiles files, Predicate<Path> refused) {
        return (LogFiles) Proxy.newProxyInstance(
                LogFiles.class.getClassLoader(), new Class<?>[] {LogFiles.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("rename") && refused.test((Path) arguments[0])) {
                        throw new AtomicMoveNotSupportedException(null, null, "Invalid cross-device link, as told");
                    }
                    try {
                        return method.invoke(files, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
