package io.aeon.test;

import io.aeon.control.BrokerControl;
import io.aeon.control.ControlledBroker;
import java.util.Map;

/**
 * A Kafka-compatible broker in this JVM, for tests. Every Kafka client reaches it at {@link #bootstrapServers()}.
 *
 * <pre>{@code
 * try (AeonBroker broker = AeonBroker.builder().topic("orders", 3).start()) {
 *     producerSettings.put("bootstrap.servers", broker.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Several brokers can run in one JVM. The first start loads the broker's classes, which later starts use again.
 * Thread-safe.
 */
public final class AeonBroker implements AutoCloseable {
    private final ControlledBroker broker;
    private volatile boolean controlled;

    private AeonBroker(ControlledBroker broker) {
        this.broker = broker;
    }

    /**
     * Returns a builder. By default the broker listens on a free port of the loopback address and keeps its data in a
     * temporary directory, which {@link #close()} removes.
     */
    public static AeonBrokerBuilder builder() {
        return new AeonBrokerBuilder();
    }

    static AeonBroker start(Map<String, Object> settings, boolean closesAtExit) {
        return new AeonBroker(IsolatedBrokers.start(settings, closesAtExit));
    }

    /** The {@code host:port} of the broker; the value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** The port of the broker. */
    public int port() {
        String address = bootstrapServers();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /**
     * Creates a topic and returns when it accepts records. A topic that exists stays as it is. No Kafka client is
     * needed.
     *
     * @throws IllegalArgumentException the broker refuses the topic; the message has the topic's name and the reason
     * @throws IllegalStateException the broker does not answer
     */
    public void createTopic(String name, int partitions) {
        TopicRequests.create(bootstrapServers(), name, partitions);
    }

    /**
     * Number of partitions of a topic; 0 if there is no such topic. No Kafka client is needed.
     *
     * @throws IllegalStateException the broker does not answer
     */
    public int partitions(String topic) {
        return TopicRequests.partitions(bootstrapServers(), topic);
    }

    /** Faults and other conditions that a test decides, to see how a program deals with them. */
    public BrokerControl control() {
        controlled = true;
        return broker.control();
    }

    /** Whether {@link #control} was called, so that the broker may not behave as one that was just started. */
    public boolean isControlled() {
        return controlled;
    }

    /** Stops the broker cleanly and removes its temporary directory. Idempotent. */
    @Override
    public void close() {
        broker.close();
    }
}
