package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Home;
import java.util.List;
import java.util.Map;

/**
 * One attack and how its broker is started.
 *
 * @param number its place in the table of attacks
 * @param name what the command line calls it
 * @param heap the heap that this attack is about, as the JVM writes it, or empty: that of the command line
 * @param settings broker settings under Kafka's names
 * @param topic settings of the attacked topic
 * @param kept what may be held for that which the attack has created
 */
record Row(
        int number,
        String name,
        Attack attack,
        String heap,
        Map<String, String> settings,
        Map<String, String> topic,
        Trial.Slack kept) {
    Row(int number, String name, Attack attack) {
        this(number, name, attack, "", Map.of(), Map.of(), new Trial.Slack(0, 0));
    }

    /** The command that attacks the broker at this port. */
    List<String> command(int port) {
        return Home.program(
                "programs",
                List.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-Dbenchmarks.target=" + System.getProperty("benchmarks.target")),
                Attacker.class.getName(),
                List.of(name, Integer.toString(port)));
    }

    Row withHeap(String size) {
        return new Row(number, name, attack, size, settings, topic, kept);
    }

    Row withSettings(Map<String, String> all) {
        return new Row(number, name, attack, heap, all, topic, kept);
    }

    Row withTopic(Map<String, String> all) {
        return new Row(number, name, attack, heap, settings, all, kept);
    }

    Row thatKeeps(Trial.Slack slack) {
        return new Row(number, name, attack, heap, settings, topic, slack);
    }
}
