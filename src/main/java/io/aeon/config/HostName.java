package io.aeon.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** Whether what is given as a host can be one. Nothing is looked up. */
final class HostName {
    private static final Pattern NAME_OR_IPV4 = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[\\w.-]+)?");
    private static final Pattern WITH_PORT = Pattern.compile("([^:]*|\\[.*\\]):\\d+");
    private static final Pattern EVERY_ADDRESS = Pattern.compile("0+(\\.0+){0,3}|[0:]+|[0:]*:0+(\\.0+){3}");

    private HostName() {}

    /** What is wrong with a host to bind. */
    static Optional<String> check(String host) {
        if (host.contains("/")) {
            return wrong(host, "a host is given alone, without a scheme such as PLAINTEXT://");
        }
        if (WITH_PORT.matcher(host).matches()) {
            return wrong(host, "a host is given alone, its port has a setting of its own");
        }
        if (host.startsWith("[")) {
            return wrong(host, "an IPv6 address is given without brackets");
        }
        return NAME_OR_IPV4.matcher(host).matches() || IPV6.matcher(host).matches()
                ? Optional.empty()
                : wrong(host, "a host is a name or an address");
    }

    /** What is wrong with a host that clients are told; empty is the address they have connected to. */
    static Optional<String> checkAdvertised(String host) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        return EVERY_ADDRESS.matcher(host).matches()
                ? wrong(
                        host,
                        "no client can connect to it; give the name or address of this machine that clients reach, or"
                                + " leave it empty for the address they have connected to")
                : check(host);
    }

    private static Optional<String> wrong(String host, String why) {
        return Optional.of("\"" + host + "\" is no host: " + why);
    }
}
