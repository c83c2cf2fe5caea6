package io.aeon.cli;

import io.aeon.config.Version;
import io.aeon.embedded.Aeon;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.ParseException;
import org.slf4j.LoggerFactory;

/**
 * A short run of a broker from which the JVM records its start archive: the classes that a broker loads to start and to
 * serve.
 */
final class PrepareCommand implements Subcommand {
    @Override
    public String words() {
        return "prepare";
    }

    @Override
    public String summary() {
        return "Create the start archive for this JDK (lib/aeon-<version>-<jdk>.jsa or .aot) if it is missing, for a fast start.";
    }

    @Override
    public int run(Given given) throws Exception {
        readACommandLine();
        try (Aeon broker = Aeon.builder().set("aeon.console.port", 0).start()) {
            requireConsole(broker);
            requireLoad(broker.bootstrapServers());
        }
        return Main.OK;
    }

    /** Runs the code that only {@code aeon start} uses and an embedded broker does not. */
    private static void readACommandLine() throws ParseException {
        Given given = Given.to(new StartCommand(), List.of("--port", "0", "-Daeon.log.flush=os"));
        LoggerFactory.getLogger(PrepareCommand.class)
                .debug("Aeon {}: {}, {} ms", Version.current(), StartCommand.settings(given), SinceLaunch.millis());
    }

    /** Waits until its classes are loaded. */
    private static void requireConsole(Aeon broker) {
        if (broker.console().isEmpty()) {
            throw new IllegalStateException("the console has not opened");
        }
    }

    /** Writes and reads records from another process. */
    private static void requireLoad(String servers) throws IOException, InterruptedException {
        Process clients = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile"),
                        PrepareClients.class.getName(),
                        servers)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
        if (clients.waitFor() != 0) {
            throw new IllegalStateException("the clients have failed");
        }
    }
}
