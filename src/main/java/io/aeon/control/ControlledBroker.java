package io.aeon.control;

/** A broker that runs in this JVM. */
public interface ControlledBroker extends AutoCloseable {
    /** The {@code host:port} of the broker; the value for {@code bootstrap.servers}. */
    String bootstrapServers();

    /** Faults and other conditions of the broker's world that a test decides. */
    BrokerControl control();

    /** Stops the broker. Idempotent. */
    @Override
    void close();
}
