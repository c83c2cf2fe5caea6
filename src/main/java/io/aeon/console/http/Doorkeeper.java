package io.aeon.console.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that a web page elsewhere has a browser send, and those that are larger than any real one. A browser
 * tells by what name it calls the server ({@code Host}) and where a request comes from ({@code Origin}, {@code
 * Sec-Fetch-Site}); other programs may leave these headers out. There are no answers to preflights (CORS), so a page
 * elsewhere cannot send {@code application/json}, without which nothing can be changed.
 */
public final class Doorkeeper {
    /** A record of a megabyte, with what JSON makes of it. */
    static final int LARGEST_BODY = 4 << 20;

    private static final int LONGEST_URI = 8 << 10;
    private static final String JSON = "application/json";
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final HostNames names;
    private final boolean write;

    /** @param write whether POST is taken */
    public Doorkeeper(HostNames names, boolean write) {
        this.names = names;
        this.write = write;
    }

    /** @throws RefusedException the request is not let in */
    void check(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String method = exchange.getRequestMethod();
        if (exchange.getRequestURI().toString().length() > LONGEST_URI) {
            throw new RefusedException(414, "the address is longer than " + LONGEST_URI + " characters");
        }
        String host = only(headers, "Host");
        if (host != null && !names.has(host)) {
            throw new RefusedException(
                    421,
                    "this server is not known as " + host + "; use its address, or a name that a listener advertises"
                            + " (advertised-host) or aeon.console.host has");
        }
        boolean isWrite = method.equals("POST");
        checkOrigin(headers, host, isWrite);
        if (isWrite) {
            checkWrite(headers);
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new RefusedException(405, method + " is not taken");
        }
    }

    private static void checkOrigin(Headers headers, @Nullable String host, boolean isWrite) {
        String origin = only(headers, "Origin");
        if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
            throw new RefusedException(403, "pages of " + origin + " are not answered");
        }
        String site = only(headers, "Sec-Fetch-Site");
        boolean isLink = !isWrite && "navigate".equals(only(headers, "Sec-Fetch-Mode"));
        if (site != null && !OWN_SITES.contains(site) && !isLink) {
            throw new RefusedException(403, "requests of other sites' pages are not answered");
        }
    }

    private void checkWrite(Headers headers) {
        if (!write) {
            throw new RefusedException(
                    403, "the console only shows; to change something set aeon.console.write = true");
        }
        String type = only(headers, "Content-Type");
        if (type == null || !type.split(";", 2)[0].trim().equalsIgnoreCase(JSON)) {
            throw new RefusedException(415, "only " + JSON + " is taken");
        }
        String length = only(headers, "Content-Length");
        if (length == null) {
            throw new RefusedException(411, "the header Content-Length is missing");
        }
        // The JDK's server has refused what is no number.
        if (Long.parseLong(length) > LARGEST_BODY) {
            throw new RefusedException(413, "the body has more than " + LARGEST_BODY + " bytes");
        }
    }

    /** A header that must not be there twice. */
    private static @Nullable String only(Headers headers, String name) {
        List<String> values = headers.get(name);
        if (values == null || values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw RefusedException.wrong("there is more than one header " + name);
        }
        return values.get(0);
    }
}
