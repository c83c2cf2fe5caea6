package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The nodes of a cluster are restarted one after the other, each by SIGTERM, while clients of three kinds produce and
 * consume. Their applications see no error, and nothing that was acknowledged is lost.
 *
 * <p>Options: {@code --broker}, {@code --rounds}, {@code --rate} of each client, {@code --quiet-seconds},
 * {@code --flush}, {@code --heap}.
 */
final class RollingRestart {
    private static final int PARTITIONS = 3;
    /** Until connections, logs and the groups of all clients are there. */
    private static final long WARM_UP_MS = 10_000;

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final Path directory;
    private final KillableCluster cluster;
    private final Map<String, ContinuousProcess> clients = new LinkedHashMap<>();

    private RollingRestart(Arguments arguments) throws Exception {
        this.arguments = arguments;
        directory = Home.newRunDirectory("rolling-restart");
        cluster = new KillableCluster(arguments, directory, checks);
        checks.note("data in %s", directory);
    }

    public static void main(String[] args) throws Exception {
        RollingRestart restart = new RollingRestart(
                new Arguments(args, Set.of("broker", "rounds", "rate", "quiet-seconds", "flush", "heap")));
        try (restart.cluster) {
            restart.run();
        } finally {
            restart.clients.values().forEach(ContinuousProcess::close);
        }
        if (restart.checks.failed() == 0) {
            Home.delete(restart.directory);
        }
        restart.checks.exit();
    }

    private void run() throws Exception {
        cluster.start();
        try (Admin admin = Topics.admin(cluster.bootstrap())) {
            cluster.awaitFormed(admin);
            Map<String, List<String>> commands = Map.of(
                    "java", Home.program("programs", List.of("-Xmx256m"), ContinuousClient.class.getName(), List.of()),
                    "librdkafka", List.of(System.getenv("PYTHON"), source("continuous.py")),
                    "kafkajs", List.of("node", source("continuous.js")));
            for (String client : List.of("java", "librdkafka", "kafkajs")) {
                begin(admin, client, commands.get(client));
            }
            BrokerProcess.pause(WARM_UP_MS);
            say("quiet");
            BrokerProcess.pause(TimeUnit.SECONDS.toMillis(arguments.number("quiet-seconds", 20)));
            say("restarts");
            for (int round = 0; round < arguments.number("rounds", 1); round++) {
                for (int node = 0; node < KillableCluster.NODES; node++) {
                    restart(admin, node);
                }
            }
        }
        say("end");
        for (Map.Entry<String, ContinuousProcess> client : clients.entrySet()) {
            client.getValue().report().check(checks, client.getKey());
        }
    }

    private void say(String line) throws IOException {
        for (ContinuousProcess client : clients.values()) {
            client.say(line);
        }
    }

    private static String source(String client) {
        return Home.source("clients").resolve(client).toString();
    }

    private void begin(Admin admin, String client, List<String> command) throws Exception {
        NewTopic topic = new NewTopic(client, PARTITIONS, (short) KillableCluster.NODES)
                .configs(Map.of("min.insync.replicas", "2"));
        admin.createTopics(List.of(topic)).all().get();
        cluster.awaitInSync(admin, client);
        List<String> settings =
                List.of(cluster.bootstrap(), client, Integer.toString(PARTITIONS), arguments.text("rate", "200"));
        List<String> whole = Stream.of(command, settings).flatMap(List::stream).toList();
        clients.put(client, new ContinuousProcess(whole, directory.resolve(client + ".err")));
    }

    private void restart(Admin admin, int node) throws IOException {
        long begun = System.nanoTime();
        cluster.stop(node);
        long stopped = System.nanoTime();
        cluster.startAgain(node);
        List<String> topics = new ArrayList<>(clients.keySet());
        topics.add("__consumer_offsets");
        cluster.awaitFormed(admin);
        topics.forEach(topic -> cluster.awaitInSync(admin, topic));
        checks.note(
                "node %d: stopped in %d ms, all replicas in sync %d ms after that",
                node + 1,
                TimeUnit.NANOSECONDS.toMillis(stopped - begun),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopped));
    }
}
