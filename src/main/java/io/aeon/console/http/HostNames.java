package io.aeon.console.http;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which this server may be called. A web site can have its own name resolve to an address of this machine,
 * and then read with the rights of its own pages what a server here answers (DNS rebinding); its name is none of these.
 * By an address nobody is led here who did not want to.
 */
public final class HostNames {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9A-Fa-f:.]+(%[\\w.-]+)?]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    /** @param names names of this machine, besides {@code localhost} */
    public HostNames(Collection<String> names) {
        names.stream()
                .filter(name -> !name.isEmpty())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .forEach(this.names::add);
    }

    /** @param authority host with or without port, as in the header Host */
    boolean has(String authority) {
        String host = PORT.matcher(authority).replaceFirst("").toLowerCase(Locale.ROOT);
        return names.contains(host) || ADDRESS.matcher(host).matches();
    }
}
