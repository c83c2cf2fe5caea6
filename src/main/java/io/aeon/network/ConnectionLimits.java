package io.aeon.network;

import io.aeon.config.AddressLimits;
import io.aeon.config.KafkaSettings;
import java.net.InetAddress;
import java.util.Map;

/**
 * How many connections may be open when another one begins.
 *
 * @param most of all clients, Kafka's max.connections
 * @param perAddress of the clients of one address, Kafka's max.connections.per.ip
 * @param others of the clients of these addresses, Kafka's max.connections.per.ip.overrides
 */
record ConnectionLimits(int most, int perAddress, Map<InetAddress, Integer> others) {
    static ConnectionLimits of(KafkaSettings kafka) {
        return new ConnectionLimits(
                kafka.getInt("max.connections"), kafka.getInt("max.connections.per.ip"), AddressLimits.of(kafka));
    }

    int from(InetAddress address) {
        return others.getOrDefault(address, perAddress);
    }
}
