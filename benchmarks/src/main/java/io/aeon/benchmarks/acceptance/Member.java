package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The process of one group member, and the file of what was delivered to it. */
final class Member {
    /** Longer than the start of a JVM on a busy machine, for which a static member is away. */
    static final int STATIC_SESSION_MILLIS = 15_000;

    private static final int SESSION_MILLIS = 6000;

    /** Fifty members start at once on a machine of two processors: each shall start for little. */
    private static final List<String> SMALL_JVM =
            List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private final List<String> command;
    private final Path file;
    private final boolean printsToFile;
    private final Map<String, String> environment;
    private Process process;

    private Member(List<String> command, Map<String, String> environment, Path file, boolean printsToFile) {
        this.command = command;
        this.environment = environment;
        this.file = file;
        this.printsToFile = printsToFile;
    }

    /**
     * A Java consumer, whose assignor is as {@link GroupMember} takes it; without an instance id it is a dynamic
     * member.
     */
    static Member java(String bootstrap, String topic, String group, String assignor, String instance, Path file) {
        List<String> arguments = List.of(
                bootstrap,
                topic,
                group,
                assignor,
                instance.isEmpty() ? "-" : instance,
                Integer.toString(sessionMillis(instance)),
                file.toString());
        return new Member(
                Home.program("programs", SMALL_JVM, GroupMember.class.getName(), arguments), Map.of(), file, true);
    }

    /** A member of librdkafka's making, by the classic protocol. */
    static Member kcat(String bootstrap, String topic, String group, String instance, Path file) {
        return kcat(
                bootstrap,
                topic,
                group,
                instance,
                file,
                Map.of(),
                List.of("-X", "session.timeout.ms=" + sessionMillis(instance), "-X", "heartbeat.interval.ms=1000"));
    }

    /**
     * A member of librdkafka's making, by the consumer protocol.
     *
     * @param library the directory of a librdkafka that knows it (2.12 or newer), empty if the system's does
     */
    static Member kcatOfConsumerProtocol(
            String bootstrap, String topic, String group, String instance, Path file, String library) {
        Map<String, String> environment = library.isEmpty() ? Map.of() : Map.of("LD_LIBRARY_PATH", library);
        return kcat(bootstrap, topic, group, instance, file, environment, List.of("-X", "group.protocol=consumer"));
    }

    private static Member kcat(
            String bootstrap,
            String topic,
            String group,
            String instance,
            Path file,
            Map<String, String> environment,
            List<String> protocol) {
        List<String> command = new ArrayList<>(List.of("kcat", "-G", group, "-b", bootstrap, "-q", "-u"));
        command.addAll(protocol);
        command.addAll(List.of("-X", "auto.offset.reset=earliest", "-X", "auto.commit.interval.ms=300"));
        if (!instance.isEmpty()) {
            command.addAll(List.of("-X", "group.instance.id=" + instance));
        }
        command.addAll(List.of("-f", "%p %o\\n", topic));
        return new Member(command, environment, file, false);
    }

    private static int sessionMillis(String instance) {
        return instance.isEmpty() ? SESSION_MILLIS : STATIC_SESSION_MILLIS;
    }

    void start() throws IOException {
        Path errors = file.resolveSibling(file.getFileName() + ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo((printsToFile ? errors : file).toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void stop() {
        process.destroy();
        process.onExit().join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it writes what {@link #changes} reads: only Java members do. */
    boolean tellsChanges() {
        return printsToFile;
    }

    /** Lines that tell of partitions that came or went. */
    List<String> changes() throws IOException {
        return lines().stream().filter(line -> line.startsWith("#")).toList();
    }

    /** The partitions that came and have not gone. */
    Set<String> partitions() throws IOException {
        Set<String> partitions = new HashSet<>();
        for (String change : changes()) {
            List<String> named = Arrays.asList(change.substring(change.indexOf('[') + 1, change.indexOf(']'))
                    .split(", "));
            if (change.startsWith("# assigned")) {
                partitions.addAll(named);
            } else {
                partitions.removeAll(named);
            }
        }
        partitions.remove("");
        return partitions;
    }

    /** Adds the offsets delivered to this member; returns how many records that were. */
    long addDelivered(BitSet[] delivered) throws IOException {
        long count = 0;
        for (String line : lines()) {
            String[] fields = line.split(" ");
            boolean whole = fields.length == 2 && !line.startsWith("#");
            if (whole) {
                delivered[Integer.parseInt(fields[0])].set(Integer.parseInt(fields[1]));
                count++;
            }
        }
        return count;
    }

    /** Without a last line that the kill cut short. */
    private List<String> lines() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
