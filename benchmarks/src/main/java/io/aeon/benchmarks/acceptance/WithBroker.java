package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Runs the command after {@code --} beside a fresh broker, whose address it finds in BOOTSTRAP, and ends as it ends.
 * Options: {@code --broker aeon|kafka}, {@code --flush}, {@code --heap}.
 */
final class WithBroker {
    private WithBroker() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("broker", "flush", "heap"));
        Path directory = Home.newRunDirectory("broker");
        int status;
        try (BrokerProcess broker = BrokerProcess.start(
                Distribution.of(arguments), directory.resolve("data"), BrokerProcess.freePort(), Map.of())) {
            broker.awaitReady();
            ProcessBuilder command = new ProcessBuilder(arguments.rest()).inheritIO();
            command.environment().put("BOOTSTRAP", broker.bootstrap());
            status = command.start().waitFor();
            if (!broker.isAlive()) {
                System.err.println("FAIL  the broker died; see " + directory);
                System.exit(1);
            }
            broker.stop();
        }
        if (status == 0) {
            Home.delete(directory);
        }
        System.exit(status);
    }
}
