package io.aeon.api.telemetry;

import java.util.Arrays;
import java.util.Locale;

/** What a subscription can select clients by (KIP-714). */
enum ClientAttribute {
    CLIENT_INSTANCE_ID,
    CLIENT_ID,
    CLIENT_SOFTWARE_NAME,
    CLIENT_SOFTWARE_VERSION,
    CLIENT_SOURCE_ADDRESS,
    CLIENT_SOURCE_PORT;

    /** @throws IllegalArgumentException there is no such attribute */
    static ClientAttribute named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attribute of clients is called " + name));
    }
}
