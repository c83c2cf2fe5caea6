package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kafka's own performance tools, each run in a JVM with the options that its start script gives. */
public final class Tools {
    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx512M", "-server", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");
    private static final Pattern PRODUCED = Pattern.compile("(\\d+) records sent, .*?\\(([\\d.]+) MB/sec\\).*99.9th");

    private Tools() {}

    public static String run(String main, List<String> arguments) throws IOException {
        return Program.run(Home.program("tools", JVM_OPTIONS, "org.apache.kafka.tools." + main, arguments));
    }

    /** Produces as fast as it goes: MiB/s. */
    public static double produce(String bootstrap, String topic, int records, int size, List<String> properties)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", bootstrap, "--topic", topic));
        arguments.addAll(List.of("--num-records", Integer.toString(records)));
        arguments.addAll(List.of("--record-size", Integer.toString(size), "--throughput", "-1"));
        arguments.add("--command-property");
        arguments.addAll(properties);
        String output = run("ProducerPerformance", arguments);
        Matcher line = PRODUCED.matcher(output);
        if (!line.find() || Integer.parseInt(line.group(1)) != records) {
            throw new IOException("not all records were produced:\n" + output);
        }
        return Double.parseDouble(line.group(2));
    }

    /** Consumes that many records from the beginning: MiB/s without the time to join the group. */
    public static double consume(String bootstrap, String topic, int records) throws IOException {
        String output = run(
                "ConsumerPerformance",
                List.of("--bootstrap-server", bootstrap, "--topic", topic, "--num-records", Integer.toString(records)));
        String[] fields = output.lines()
                .filter(line -> line.matches("\\d{4}-.*"))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IOException("no figures:\n" + output))
                .split(",\\s*");
        if (Long.parseLong(fields[4]) < records) {
            throw new IOException("not all records were consumed:\n" + output);
        }
        return Double.parseDouble(fields[8]);
    }
}
