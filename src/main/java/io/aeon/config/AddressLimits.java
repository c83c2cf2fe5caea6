package io.aeon.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** The limits of connections from single addresses: Kafka's setting max.connections.per.ip.overrides. */
public final class AddressLimits {
    private static final String SETTING = "max.connections.per.ip.overrides";

    private AddressLimits() {}

    /**
     * The limit of each address that has its own. Host names are resolved, which may take time.
     *
     * @throws ConfigException an entry has not the form HOST:NUMBER, or its host cannot be resolved
     */
    public static Map<InetAddress, Integer> of(KafkaSettings kafka) {
        Map<InetAddress, Integer> limits = new HashMap<>();
        String given = kafka.getString(SETTING).strip();
        if (!given.isEmpty()) {
            for (String entry : given.split("\\s*,\\s*", -1)) {
                int colon = entry.lastIndexOf(':');
                if (colon < 1 || !entry.substring(colon + 1).matches("\\d{1,9}")) {
                    throw new ConfigException(SETTING, given, "\"" + entry + "\" has not the form HOST:NUMBER");
                }
                limits.put(address(entry.substring(0, colon), given), Integer.parseInt(entry.substring(colon + 1)));
            }
        }
        return Map.copyOf(limits);
    }

    private static InetAddress address(String host, String given) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new ConfigException(SETTING, given, "the host " + host + " cannot be resolved to an address");
        }
    }
}
