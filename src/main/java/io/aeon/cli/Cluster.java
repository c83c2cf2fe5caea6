package io.aeon.cli;

import io.aeon.diagnosis.AdvertisedAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The brokers that a command asks, of Aeon or of Kafka. */
final class Cluster implements AutoCloseable {
    static final String BOOTSTRAP = "bootstrap";
    static final String JSON = "json";
    private static final String DEFAULT_BOOTSTRAP = "127.0.0.1:9092";
    private static final int HIGHEST_PORT = 65_535;
    private static final int TIMEOUT_MS = 10_000;
    /** Half of it, so that another broker is asked if the first one is silent. */
    private static final int REQUEST_TIMEOUT_MS = 5_000;

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
                    "request.timeout.ms", REQUEST_TIMEOUT_MS));
        } catch (KafkaException e) {
            throw noAddress(bootstrap, e);
        }
    }

    /** @param failure of a client that could not be made */
    static CommandException noAddress(String bootstrap, KafkaException failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        return new CommandException("the brokers at " + bootstrap + " cannot be asked: " + reason.getMessage());
    }

    /** @throws CommandException no broker can be asked, or none answers */
    static Cluster of(Given given) {
        String bootstrap = bootstrap(given);
        requireBroker(bootstrap);
        return new Cluster(bootstrap);
    }

    /**
     * Kafka's client does not say why it reaches no broker, and takes what HTTP or TLS answer for the length of an
     * answer larger than the heap. So the brokers are asked before it is.
     *
     * @throws CommandException none of them answers
     */
    static void requireBroker(String bootstrap) {
        String[] addresses = bootstrap.split(",", -1);
        IOException failure = null;
        for (String address : addresses) {
            String host = Utils.getHost(address.trim());
            Integer port = Utils.getPort(address.trim());
            if (host == null
                    || port == null
                    || port > HIGHEST_PORT
                    || new InetSocketAddress(host, port).isUnresolved()) {
                continue; // The client says what is wrong with it.
            }
            try {
                AdvertisedAddress.toldBy(host, port, TIMEOUT_MS / addresses.length);
                return;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure(bootstrap, failure);
        }
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

    /**
     * As {@link #get(KafkaFuture)}; a failure names who was asked.
     *
     * @param who was asked
     * @param what was asked for
     */
    static <T> T get(String who, String what, KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new CommandException(who + gap(what, TIMEOUT_MS, e));
        }
    }

    /** As {@link #failure(String, Throwable)}. */
    CommandException failure(ExecutionException failed) {
        return failure(bootstrap, reason(failed));
    }

    /** As an exception that tells whether the brokers do not answer or refuse what they were asked. */
    static CommandException failure(String bootstrap, Throwable reason) {
        Throwable first = reason.getCause() instanceof ApiException answer ? answer : reason;
        return new CommandException(
                first instanceof RetriableException || first instanceof IOException
                        ? "the brokers at " + bootstrap + " do not answer: " + reason.getMessage()
                        : refusal(reason.getMessage(), first));
    }

    /** Kafka's client has messages of its own that do not say why a broker refuses. */
    private static String refusal(@Nullable String message, Throwable reason) {
        Errors error = Errors.forException(reason);
        return message == null || error == Errors.UNKNOWN_SERVER_ERROR || message.contains(error.message())
                ? String.valueOf(message)
                : message + " (" + error + ")";
    }

    private static Throwable reason(ExecutionException failed) {
        return failed.getCause() == null ? failed : failed.getCause();
    }

    /**
     * The end of a sentence on what is missing in a listing.
     *
     * @param what was asked for
     * @param timeoutMs how long it was waited for
     */
    static String gap(String what, int timeoutMs, ExecutionException failed) {
        Throwable reason = reason(failed);
        return reason instanceof TimeoutException
                ? " has not told " + what + " within " + timeoutMs / 1000 + " s"
                : " does not tell " + what + ": " + refusal(reason.getMessage(), reason);
    }

    @Override
    public void close() {
        admin.close();
    }
}
