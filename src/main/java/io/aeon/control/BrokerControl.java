package io.aeon.control;

/**
 * What a test can do to a broker that runs in its JVM, to see how a program deals with errors. Without a call the broker
 * behaves as in service. No call blocks for longer than a few milliseconds unless its description says otherwise.
 * Thread-safe.
 */
public interface BrokerControl {
    /**
     * Selects requests of clients.
     *
     * @param api Kafka's name of the API: {@code Produce}, {@code Fetch}, {@code OffsetCommit}, {@code JoinGroup}
     * @throws IllegalArgumentException the broker has no API of this name
     */
    Requests requests(String api);
}
