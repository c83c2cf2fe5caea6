package io.aeon.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** Checks whether a value can be a host, without a name lookup. */
final class HostName {
    private static final Pattern NAME_OR_IPV4 = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[\\w.-]+)?");
    private static final Pattern WITH_PORT = Pattern.compile("([^:]*|\\[.*\\]):\\d+");
    private static final Pattern EVERY_ADDRESS = Pattern.compile("0+(\\.0+){0,3}|[0:]+|[0:]*:0+(\\.0+){3}");

    private HostName() {}

    /** The reason why a host cannot be bound, empty if it can. */
    static Optional<String> check(String host) {
        if (host.contains("/")) {
            return wrong(host, "give only the host, without a scheme such as PLAINTEXT://");
        }
        if (WITH_PORT.matcher(host).matches()) {
            return wrong(host, "give only the host, the port has its own setting");
        }
        if (host.startsWith("[")) {
            return wrong(host, "give an IPv6 address without brackets");
        }
        return NAME_OR_IPV4.matcher(host).matches() || IPV6.matcher(host).matches()
                ? Optional.empty()
                : wrong(host, "a host must be a name or an IP address");
    }

    /**
     * The reason why a host cannot be advertised, empty if it can. An empty host is the address to which a client has
     * connected.
     */
    static Optional<String> checkAdvertised(String host) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        return EVERY_ADDRESS.matcher(host).matches()
                ? wrong(
                        host,
                        "no client can connect to it; give a name or address by which clients reach this machine, or"
                                + " leave it empty for the address to which a client has connected")
                : check(host);
    }

    private static Optional<String> wrong(String host, String why) {
        return Optional.of("\"" + host + "\" is not a host: " + why);
    }
}
