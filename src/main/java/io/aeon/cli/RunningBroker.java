package io.aeon.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A broker that runs on this machine, as Linux shows its process in /proc. The files of another user's process cannot
 * be read.
 *
 * @param pid process id
 */
record RunningBroker(long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final String LOCK = ".lock";
    private static final String START = "start";
    private static final int PID = 4;
    private static final int FILE = 5;

    /** The broker that holds the lock of the data directory; empty if none does, or the system does not tell. */
    static Optional<RunningBroker> on(Path dataDir) {
        try {
            String inode = ":" + Files.getAttribute(dataDir.resolve(LOCK), "unix:ino");
            return Files.readAllLines(PROC.resolve("locks")).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields.length > FILE && fields[FILE].endsWith(inode))
                    .map(fields -> Long.parseLong(fields[PID]))
                    .filter(pid -> ProcessHandle.of(pid).isPresent())
                    .map(RunningBroker::new)
                    .findFirst();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Its arguments, if it was started by {@code aeon start} and a program does not embed it. */
    Optional<List<String>> arguments() throws IOException {
        List<String> all = strings("cmdline");
        int start = all.indexOf(Main.class.getName()) + 1;
        return start > 0 && start < all.size() && all.get(start).equals(START)
                ? Optional.of(all.subList(start + 1, all.size()))
                : Optional.empty();
    }

    /** The system properties that its command line sets. */
    Properties systemProperties() throws IOException {
        Properties properties = new Properties();
        for (String each : strings("cmdline")) {
            if (each.equals(Main.class.getName())) {
                break;
            }
            if (each.startsWith("-D")) {
                String[] pair = each.substring(2).split("=", 2);
                properties.setProperty(pair[0], pair.length == 2 ? pair[1] : "");
            }
        }
        return properties;
    }

    Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String each : strings("environ")) {
            String[] pair = each.split("=", 2);
            environment.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        return environment;
    }

    /** The text of a file of this process in /proc. */
    String read(String file) throws IOException {
        return new String(Files.readAllBytes(path(file)), StandardCharsets.UTF_8);
    }

    /** The file to which a link of this process in /proc leads. */
    Path target(String link) throws IOException {
        return Files.readSymbolicLink(path(link));
    }

    private Path path(String file) {
        return PROC.resolve(Long.toString(pid)).resolve(file);
    }

    private List<String> strings(String file) throws IOException {
        return Arrays.stream(read(file).split("\0", -1))
                .filter(each -> !each.isEmpty())
                .toList();
    }
}
