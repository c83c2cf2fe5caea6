package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The distribution as a user runs it: bin/aeon in its own process. */
class LauncherIT {
    private static final Path AEON = Distribution.AEON;
    private static final Pattern READY = Pattern.compile("Aeon (\\S+) ready on 127\\.0\\.0\\.1:(\\d+) in (\\d+) ms");

    /** Longer than it takes to read the ready line. */
    private static final Duration OLD = Duration.ofSeconds(2);

    private static final Duration CLOCK_STEP = Duration.ofMillis(10);

    @TempDir
    private Path dir;

    @Test
    void startsTellsThatItServesAndStopsOnSIGTERM() throws Exception {
        Process broker = run(AEON, "start", "--data", "data", "--port", "0");
        String line = Distribution.firstLine(broker);
        Matcher ready = READY.matcher(line);
        assertThat(ready.matches()).as(line).isTrue();
        assertThat(ready.group(1)).isEqualTo(Version.current());

        Process second = run(AEON, "start", "--data", "data", "--port", "0");
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(Distribution.rest(second.getInputStream())).isEmpty();
        assertThat(Distribution.rest(second.getErrorStream()))
                .contains("\naeon: the data directory " + dir.toRealPath().resolve("data")
                        + " is in use by another broker; stop that one, or take another directory (aeon.data-dir)\n");

        broker.toHandle().destroy();
        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(broker.exitValue()).isZero();
        assertThat(Distribution.rest(broker.getInputStream())).isEmpty();
    }

    @Test
    void theTimeUntilReadyBeginsWithTheLauncher() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh", "-c", "read go; exec \"$0\" \"$@\"", AEON.toString(), "start", "--port", "0");
        Process shell = builder.directory(dir.toFile()).start();
        Instant created = Instant.now();
        Awaitility.await().until(() -> Duration.between(created, Instant.now()).compareTo(OLD) > 0);
        long go = System.nanoTime();
        shell.outputWriter().append('\n').close();

        Matcher ready = READY.matcher(Distribution.firstLine(shell));

        assertThat(ready.matches()).isTrue();
        assertThat(Duration.ofMillis(Long.parseLong(ready.group(3))))
                .isLessThan(Duration.ofNanos(System.nanoTime() - go).plus(CLOCK_STEP));
        shell.toHandle().destroy();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void isFoundThroughSymbolicLinksFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("linked"), AEON);
        Path linkToLink = Files.createSymbolicLink(
                dir.resolve("again"), Path.of(link.getFileName().toString()));

        assertThat(versionOf(linkToLink))
                .matches("Aeon " + Version.current() + "\nJDK \\S+ at /.+, with(out)? start archive\n");
        Files.delete(linkToLink);
        Files.delete(link);
    }

    @Test
    void isFoundByARelativeNameWithCDPATH() throws Exception {
        Files.createSymbolicLink(dir.resolve("home"), AEON.resolveSibling("..").toRealPath());
        ProcessBuilder builder = command(Path.of("/bin/sh"), "home/bin/aeon", "--version");
        builder.environment().put("CDPATH", dir.toString());
        Process version = builder.start();

        assertThat(version.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Distribution.rest(version.getInputStream())).startsWith("Aeon " + Version.current() + "\n");
        Files.delete(dir.resolve("home"));
    }

    @Test
    void anOldJdkIsRefusedByName() throws Exception {
        Path jdk = Files.createDirectory(dir.resolve("jdk8"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        Files.createSymbolicLink(Files.createDirectory(jdk.resolve("bin")).resolve("java"), Path.of("/bin/true"));
        ProcessBuilder builder = command(AEON, "--version");
        builder.environment().put("JAVA_HOME", jdk.toString());
        Process version = builder.start();

        assertThat(version.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(version.exitValue()).isEqualTo(1);
        assertThat(Distribution.rest(version.getErrorStream()))
                .isEqualTo("aeon: JDK 17 or newer is needed, " + jdk + " is 1.8.0_402\n");
    }

    @Test
    void anArchiveOfAnOlderJarIsNotUsed() throws Exception {
        Path home = Files.createDirectory(dir.resolve("aeon"));
        Path lib = Files.createDirectory(home.resolve("lib"));
        Path launcher = Files.createDirectory(home.resolve("bin")).resolve("aeon");
        Files.copy(AEON, launcher, StandardCopyOption.COPY_ATTRIBUTES);
        try (Stream<Path> files = Files.list(AEON.resolveSibling("../lib"))) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(lib.resolve(file.getFileName()), file.toRealPath());
            }
        }
        assertThat(versionOf(launcher)).endsWith("with start archive\n");

        Path jar = lib.resolve("aeon.jar");
        Path older = jar.toRealPath();
        Files.delete(jar);
        Files.copy(older, jar);

        assertThat(versionOf(launcher)).endsWith("without start archive\n");
    }

    private String versionOf(Path launcher) throws Exception {
        Process version = run(launcher, "--version");
        assertThat(version.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Distribution.rest(version.getInputStream());
    }

    @Test
    void saysInOneLineWhatIsWrongWithASetting() throws Exception {
        Process broker = run(AEON, "start", "-Daeon.log.flush=never");

        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(broker.exitValue()).isEqualTo(1);
        assertThat(Distribution.rest(broker.getErrorStream()))
                .isEqualTo("aeon: aeon.log.flush: \"never\" is not one of sync, interval, os (command line)\n");
    }

    @Test
    void aSignalDuringTheStartIsAStop() throws Exception {
        Process broker = run(AEON, "start", "--data", "data", "--port", "0");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(dir.resolve("data").resolve(".lock")));

        broker.toHandle().destroy();

        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Distribution.rest(broker.getErrorStream())).doesNotContain("aeon: ", " ERROR ");
        assertThat(broker.exitValue()).isZero();
    }

    @Test
    void theLocaleOfTheMachineHasNoEffect() throws Exception {
        Path there = Files.createDirectory(dir.resolve("pr\u00fcfung"));
        ProcessBuilder builder = command(AEON, "start", "--data", "data", "--port", "0");
        builder.directory(there.toFile()).environment().put("LC_ALL", "C");
        builder.environment().put("AEON_JVM_OPTS", "-Duser.language=ar -Duser.country=EG");
        Process broker = builder.start();

        String line = Distribution.firstLine(broker);

        assertThat(line).matches(READY);
        assertThat(there.resolve("data").resolve("meta.properties")).exists();
        broker.toHandle().destroy();
        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theUsersJvmOptionsReplaceTheDefaults() throws Exception {
        assertThat(version(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC", "AEON_JVM_OPTS", "-Xmx48m")))
                .isZero();
        assertThat(version(Map.of("JDK_JAVA_OPTIONS", "-XX:+UseG1GC -Xms1g"))).isZero();

        assertThat(version(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC", "AEON_JVM_OPTS", "-XX:+UseG1GC")))
                .isEqualTo(1);
    }

    /** The JVM leaves the young generation at its first size in a heap whose first and largest size are the same. */
    @ParameterizedTest
    @CsvSource({
        "'', 64",
        "-Xmx256m, 64",
        "-XX:MaxHeapSize=268435456, 64",
        "-Xms256m -Xmx256m, 64",
        "-Xmx1G -Xms1G, 64",
        "-XX:MaxRAMPercentage=25, 64",
        "-Xmx100m, 25",
        "-Xmx40m, 10"
    })
    void theYoungGenerationGrowsInAHeapOfAnySize(String heap, long mebibytes) throws Exception {
        ProcessBuilder builder = command(AEON, "--version");
        builder.environment().put("AEON_JVM_OPTS", heap + " -XX:+PrintFlagsFinal");
        Process version = builder.redirectErrorStream(true).start();

        String flags = Distribution.rest(version.getInputStream());

        assertThat(version.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(flags).containsPattern(" MaxNewSize += " + (mebibytes << 20) + " ");
    }

    @Test
    void onlyACompleteRunOfPrepareIsRecorded() throws Exception {
        Path archives = Files.createDirectories(dir.resolve("copy").resolve("lib"));
        Path bin = Files.createDirectories(dir.resolve("copy").resolve("bin"));
        try (Stream<Path> jars = Files.list(AEON.resolveSibling("../lib"))) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.createSymbolicLink(archives.resolve(jar.getFileName()), jar.toRealPath());
            }
        }
        Path copy = Files.copy(AEON, bin.resolve("aeon"), StandardCopyOption.COPY_ATTRIBUTES);
        long jars = entries(archives);

        assertThat(run(copy, "prepare", "--help").waitFor()).isZero();
        assertThat(run(copy, "prepare", "--version").waitFor()).isZero();
        assertThat(run(copy, "prepare", "now").waitFor()).isEqualTo(2);
        assertThat(entries(archives)).isEqualTo(jars);
    }

    @Test
    void theTrialsOfPrepareHaveNoSettingOfTheUser() throws Exception {
        Path home = Files.createDirectory(dir.resolve("trial"));
        Files.createFile(Files.createDirectory(home.resolve("lib")).resolve("aeon.jar"));
        Path launcher = Files.createDirectory(home.resolve("bin")).resolve("aeon");
        Files.copy(AEON, launcher, StandardCopyOption.COPY_ATTRIBUTES);
        Path calls = dir.resolve("calls");
        ProcessBuilder builder = command(launcher, "prepare");
        builder.environment().put("JAVA_HOME", jdkThatOnlyTells(calls).toString());
        builder.environment().put("AEON_NODE_ID", "7");
        builder.environment().put("AEON_JVM_OPTS", "-Daeon.join=one:9093 -Xss1m");

        Process prepare = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();

        assertThat(Distribution.rest(prepare.getInputStream()))
                .contains("a start took 5 ms without and takes 5 ms with it");
        assertThat(prepare.waitFor()).isZero();
        assertThat(Files.readAllLines(calls))
                .filteredOn(call -> call.contains(" start "))
                .hasSize(2)
                .allSatisfy(call -> assertThat(call)
                        .startsWith("node-id= ")
                        .contains("-Xss1m")
                        .contains("/empty.conf")
                        .doesNotContain("aeon.join"));
    }

    /** A JDK that notes how it is called, and does what {@code prepare} expects of it. */
    private Path jdkThatOnlyTells(Path calls) throws IOException {
        Path jdk = Files.createDirectory(dir.resolve("jdk"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.1\"\nJAVA_RUNTIME_VERSION=\"17.0.1+1\"\n");
        Path java = Files.createDirectory(jdk.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                String.join(
                        "\n",
                        "#!/bin/sh",
                        "echo \"node-id=$AEON_NODE_ID $*\" >> " + calls,
                        "case \" $* \" in",
                        "  *' start '*) echo 'Aeon ready in 5 ms' ;;",
                        "  *) for option; do",
                        "       case $option in -XX:ArchiveClassesAtExit=*) : > \"${option#*=}\" ;; esac",
                        "     done ;;",
                        "esac",
                        ""));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return jdk;
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    private int version(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = command(AEON, "--version");
        builder.environment().putAll(environment);
        return builder.start().waitFor();
    }

    private Process run(Path launcher, String... arguments) throws IOException {
        return command(launcher, arguments).start();
    }

    private ProcessBuilder command(Path launcher, String... arguments) {
        return Distribution.command(dir, launcher, arguments);
    }
}
