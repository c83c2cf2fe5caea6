package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/**
 * Runs the command after {@code --} beside a fresh cluster of three nodes, and ends as it ends. The command finds the
 * addresses in BOOTSTRAP and CONTROLLERS, and the directories of the partitions of node 1 to 3 in LOGS_1 to LOGS_3. On
 * its standard output it orders what is to happen to a node, in lines such as {@code stop 2}: {@code stop},
 * {@code kill} or {@code start}. On its standard input it gets a line when that is done; a node that starts may not be
 * ready then. Options: {@code --broker aeon|kafka}, {@code --flush}, {@code --heap}.
 */
final class WithCluster {
    /** As in Kafka by default, an administrator adds a controller that was removed. */
    private static final Map<String, String> LIKE_KAFKA = Map.of("controller.quorum.auto.join.enable", "false");

    private WithCluster() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("broker", "flush", "heap"));
        Path directory = Home.newRunDirectory("cluster");
        int status;
        try (KillableCluster cluster = new KillableCluster(arguments, directory, new Checks())) {
            cluster.start();
            try (Admin admin = Topics.admin(cluster.bootstrap())) {
                cluster.awaitFormed(admin);
            }
            status = run(arguments, cluster);
        }
        if (status == 0) {
            Home.delete(directory);
        }
        System.exit(status);
    }

    private static int run(Arguments arguments, KillableCluster cluster) throws Exception {
        ProcessBuilder command = new ProcessBuilder(arguments.rest()).redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = command.environment();
        environment.put("BOOTSTRAP", cluster.bootstrap());
        environment.put("CONTROLLERS", cluster.bootstrapControllers());
        for (int node = 0; node < KillableCluster.NODES; node++) {
            environment.put("LOGS_" + (node + 1), cluster.logs(node).toString());
        }
        Process process = command.start();
        try (BufferedReader orders = process.inputReader();
                Writer answers = process.outputWriter()) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                obey(order.split(" "), cluster);
                answers.write("done\n");
                answers.flush();
            }
        }
        return process.waitFor();
    }

    private static void obey(String[] order, KillableCluster cluster) throws IOException {
        int node = Integer.parseInt(order[1]) - 1;
        switch (order[0]) {
            case "stop" -> cluster.stop(node);
            case "kill" -> cluster.kill(node);
            case "start" -> cluster.startAgain(node, LIKE_KAFKA);
            default -> throw new IllegalArgumentException("unknown order " + order[0]);
        }
    }
}
