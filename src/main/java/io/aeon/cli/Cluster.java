package io.aeon.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;

/** The brokers that a command asks, of Aeon or of Kafka. */
final class Cluster implements AutoCloseable {
    static final String BOOTSTRAP = "bootstrap";
    static final String JSON = "json";
    private static final String DEFAULT_BOOTSTRAP = "127.0.0.1:9092";
    private static final int TIMEOUT_MS = 10_000;

    private final String bootstrap;
    private final Admin admin;

    /**
     * @param bootstrap HOST:PORT of one or more brokers
     * @throws CommandException it is no address
     */
    Cluster(String bootstrap) {
        this.bootstrap = bootstrap;
        try {
            this.admin = Admin.create(Map.of(
                    "bootstrap.servers", bootstrap,
                    "client.id", "aeon",
                    "default.api.timeout.ms", TIMEOUT_MS,
                    "request.timeout.ms", TIMEOUT_MS));
        } catch (KafkaException e) {
            throw noAddress(bootstrap, e);
        }
    }

    /** @param failure of a client that could not be made */
    static CommandException noAddress(String bootstrap, KafkaException failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        return new CommandException("the brokers at " + bootstrap + " cannot be asked: " + reason.getMessage());
    }

    static Cluster of(Given given) {
        return new Cluster(bootstrap(given));
    }

    static String bootstrap(Given given) {
        return given.text(BOOTSTRAP).orElse(DEFAULT_BOOTSTRAP);
    }

    /** The options of every command that asks brokers and prints what they answer. */
    static Options options() {
        return new Options()
                .addOption(Option.builder()
                        .longOpt(BOOTSTRAP)
                        .hasArg()
                        .argName("HOST:PORT")
                        .desc("A broker of the cluster; " + DEFAULT_BOOTSTRAP + " unless given.")
                        .get())
                .addOption(Option.builder()
                        .longOpt(JSON)
                        .desc("Print JSON instead of tables.")
                        .get());
    }

    Admin admin() {
        return admin;
    }

    String bootstrap() {
        return bootstrap;
    }

    /**
     * The result, once it is there.
     *
     * @throws CommandException the brokers do not answer, or refuse it
     */
    <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /** As an exception that tells whether the brokers do not answer or refuse what they were asked. */
    CommandException failure(ExecutionException failed) {
        Throwable reason = failed.getCause() == null ? failed : failed.getCause();
        return new CommandException(
                reason instanceof RetriableException
                        ? "the brokers at " + bootstrap + " do not answer: " + reason.getMessage()
                        : String.valueOf(reason.getMessage()));
    }

    /** The result, once it is there; empty if it fails. */
    static <T> Optional<T> known(KafkaFuture<T> future) throws InterruptedException {
        try {
            return Optional.ofNullable(future.get());
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
