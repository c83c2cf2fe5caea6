package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JDK that Aeon's launcher chooses (JAVA_HOME, else the newest), on which every broker and every client runs.
 *
 * @param description its version, and whether Aeon has a start archive for it
 */
public record Jdk(String home, String description) {
    private static final Pattern LINE = Pattern.compile("(JDK \\S+) at (.+), (with|without) start archive");

    public static final Jdk OF_BROKERS = chosen();

    private static Jdk chosen() {
        try {
            String version = Program.run(List.of(Home.aeon().toString(), "--version"));
            Matcher line = LINE.matcher(version);
            if (!line.find()) {
                throw new IllegalStateException("no JDK in " + version);
            }
            return new Jdk(line.group(2), line.group(1) + ", Aeon " + line.group(3) + " its start archive");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
