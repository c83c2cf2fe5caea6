package io.aeon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One address in a list of Kafka's form, to which clients connect or a broker binds.
 *
 * @param listener the listener's name in upper case
 * @param host empty for all addresses
 */
record KafkaEndpoint(String listener, String host, int port) {
    private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9_-]+)://\\[?([^/\\]]*?)\\]?:(\\d{1,5})");

    /** @throws IllegalArgumentException an entry has not the form {@code NAME://host:port} */
    static List<KafkaEndpoint> list(String value) {
        List<KafkaEndpoint> endpoints = new ArrayList<>();
        for (String entry : value.split("\\s*,\\s*", -1)) {
            Matcher matcher = ENTRY.matcher(entry.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "\"" + entry.strip() + "\" is not an address such as PLAINTEXT://broker.example:9092");
            }
            endpoints.add(new KafkaEndpoint(
                    matcher.group(1).toUpperCase(Locale.ROOT), matcher.group(2), Integer.parseInt(matcher.group(3))));
        }
        return endpoints;
    }
}
