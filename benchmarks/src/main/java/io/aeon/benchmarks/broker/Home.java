package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where things are: the class paths that the shell wrappers made, and directories for one run. */
public final class Home {
    private static final Path TARGET = Path.of(System.getProperty("benchmarks.target"));

    private Home() {}

    /** A class path of {@code target/}: programs, kafka or tools. */
    public static String classPath(String name) {
        String jars = TARGET.resolve(name) + "/*";
        return name.equals("programs") ? TARGET.resolve("classes") + ":" + jars : jars;
    }

    /** The start script that the README's first command builds. */
    public static Path aeon() {
        Path script = TARGET.resolve("../../target/aeon/bin/aeon").normalize();
        if (!Files.isExecutable(script)) {
            throw new IllegalStateException("no " + script + "; build it first: mvn -q -DskipTests package");
        }
        return script;
    }

    /** A program that is not compiled with the others, since it needs another class path: its source. */
    public static Path source(String name) {
        return TARGET.resolve("../src").resolve(name).normalize();
    }

    public static String java() {
        return Path.of(Jdk.OF_BROKERS.home(), "bin", "java").toString();
    }

    /** A command that runs a program of the named class path in a JVM of its own. */
    public static List<String> program(String classPath, List<String> jvmOptions, String main, List<String> arguments) {
        return Stream.of(List.of(java()), jvmOptions, List.of("-cp", classPath(classPath), main), arguments)
                .flatMap(List::stream)
                .toList();
    }

    /** A new directory on the disk of the repository: the system's temporary directory may be in memory. */
    public static Path newRunDirectory(String name) throws IOException {
        Path parent = Files.createDirectories(Path.of(System.getProperty("benchmarks.runs", TARGET + "/runs")));
        return Files.createTempDirectory(parent, name + "-");
    }

    public static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
