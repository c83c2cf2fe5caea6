package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Kills the active controller of three nodes, again and again, while topics are created, changed and deleted. In the
 * end every topic that was acknowledged is there once, with its partitions and its setting, and nothing else.
 *
 * <p>Options: {@code --kills}, {@code --seed}, {@code --broker aeon|kafka}, {@code --flush}, {@code --heap}.
 */
final class ControllerKills {
    private static final int CHANGES = 30;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Checks checks = new Checks();
    private final Millis pauses = new Millis();
    private final Arguments arguments;
    private final Random random;
    private final Path directory;
    private final KillableCluster cluster;

    private ControllerKills(Arguments arguments) throws Exception {
        this.arguments = arguments;
        int seed = arguments.number("seed", new Random().nextInt(Integer.MAX_VALUE));
        random = new Random(seed);
        directory = Home.newRunDirectory("controller-kills");
        cluster = new KillableCluster(arguments, directory, checks);
        checks.note("%s, seed %d, data in %s", arguments.text("broker", "aeon"), seed, directory);
    }

    public static void main(String[] args) throws Exception {
        ControllerKills kills =
                new ControllerKills(new Arguments(args, Set.of("kills", "seed", "broker", "flush", "heap")));
        try (kills.cluster) {
            kills.run();
        } catch (Exception e) {
            kills.checks.that(false, "%s", e);
        }
        if (kills.checks.failed() == 0) {
            Home.delete(kills.directory);
        }
        kills.checks.exit();
    }

    private void run() throws Exception {
        cluster.start();
        try (Admin admin = Topics.admin(cluster.bootstrap())) {
            cluster.awaitFormed(admin);
            AdminLoad load = new AdminLoad(cluster.bootstrap());
            int kills = arguments.number("kills", 50);
            try (Silence silence = new Silence(load::acknowledged)) {
                for (int kill = 0; kill < kills; kill++) {
                    kill(admin, silence, kill);
                }
            }
            load.close();
            checks.that(
                    load.failure() == null,
                    "%d changes, %d of them by a request before the one that was answered, none failed (%s)",
                    load.acknowledged(),
                    load.repeated(),
                    load.failure());
            cluster.awaitWhole(admin);
            checkTopics(admin, load.topics());
        }
        new NodeFiles(cluster, checks).checkErrors();
        checks.note("%d kills, times without a change: %s", pauses.count(), pauses);
    }

    private void kill(Admin admin, Silence silence, int number) throws Exception {
        cluster.awaitFormed(admin);
        BrokerProcess.pause(random.nextInt(1000, 3000));
        int leader = KillableCluster.activeController(admin);
        silence.reset();
        cluster.kill(leader);
        silence.awaitMore(CHANGES);
        pauses.add(silence.longestMillis());
        checks.note("kill %d: node %d, no change for %d ms", number, leader + 1, silence.longestMillis());
        cluster.startAgain(leader);
    }

    private void checkTopics(Admin admin, Map<String, AdminLoad.Expected> expected) throws Exception {
        Map<String, TopicDescription> found = admin.describeTopics(
                        admin.listTopics().names().get())
                .allTopicNames()
                .get();
        Map<ConfigResource, Config> settings = admin.describeConfigs(found.keySet().stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList())
                .all()
                .get();
        Map<String, AdminLoad.Expected> there = new HashMap<>();
        settings.forEach((topic, config) -> there.put(
                topic.name(),
                new AdminLoad.Expected(
                        found.get(topic.name()).partitions().size(),
                        config.get(AdminLoad.SETTING).value())));
        List<String> wrong = new ArrayList<>();
        expected.forEach((topic, how) -> {
            if (!how.equals(there.get(topic))) {
                wrong.add(topic + " must be " + how + " and is " + there.get(topic));
            }
        });
        there.keySet().stream()
                .filter(topic -> !expected.containsKey(topic))
                .forEach(topic -> wrong.add(topic + " was deleted"));
        checks.that(wrong.isEmpty(), "%d topics must be there and are, and no other one %s", expected.size(), wrong);
        checkDirectories(expected);
    }

    /** No node has a directory of a partition that is gone. Aeon makes directories at the first use only. */
    private void checkDirectories(Map<String, AdminLoad.Expected> expected) throws IOException {
        Set<String> partitions = new TreeSet<>();
        expected.forEach((topic, how) -> {
            for (int partition = 0; partition < how.partitions(); partition++) {
                partitions.add(topic + "-" + partition);
            }
        });
        for (int node = 0; node < KillableCluster.NODES; node++) {
            long begun = System.nanoTime();
            Set<String> gone = without(directories(node), partitions);
            while (!gone.isEmpty() && System.nanoTime() - begun < PATIENCE.toNanos()) {
                BrokerProcess.pause(500);
                gone = without(directories(node), partitions);
            }
            checks.that(gone.isEmpty(), "node %d has no directory of a partition that is gone %s", node + 1, gone);
        }
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        return all.stream().filter(each -> !some.contains(each)).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> directories(int node) throws IOException {
        try (Stream<Path> files = Files.list(cluster.logs(node))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("thread\\d+-\\d+-\\d+"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
