package io.aeon.console.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that has passed the {@link Doorkeeper}. */
public final class HttpQuery {
    private final String path;
    private final Map<String, String> parameters;
    private final String accept;
    private final byte[] body;

    private HttpQuery(String path, Map<String, String> parameters, String accept, byte[] body) {
        this.path = path;
        this.parameters = parameters;
        this.accept = accept;
        this.body = body;
    }

    /**
     * @param query what stands behind the question mark, as it was sent; null if there is none
     * @param accept the header Accept; null if there is none
     */
    public static HttpQuery of(String path, @Nullable String query, @Nullable String accept, byte[] body) {
        Map<String, String> parameters = new HashMap<>();
        if (query != null) {
            for (String each : query.split("&", -1)) {
                int equals = each.indexOf('=');
                String name = equals < 0 ? each : each.substring(0, equals);
                parameters.put(decoded(name), equals < 0 ? "" : decoded(each.substring(equals + 1)));
            }
        }
        return new HttpQuery(path, parameters, accept == null ? "" : accept, body);
    }

    /** The path, decoded. */
    public String path() {
        return path;
    }

    /** Whether the client names this media type as one that it takes. */
    public boolean accepts(String mediaType) {
        return accept.contains(mediaType);
    }

    /** What was sent by POST; empty for GET. */
    public byte[] body() {
        return body;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw RefusedException.wrong("the parameter " + text + " is not encoded as a URL");
        }
    }

    /** A parameter after the question mark, the last one of its name; empty if it is missing or blank. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isBlank());
    }

    /** @throws RefusedException the parameter is missing */
    public String required(String name) {
        return text(name).orElseThrow(() -> RefusedException.wrong("the parameter " + name + " is missing"));
    }

    /**
     * A whole number.
     *
     * @throws RefusedException the parameter is no number, or not between the bounds
     */
    public long number(String name, long usual, long least, long most) {
        String given = text(name).orElse(null);
        if (given == null) {
            return usual;
        }
        try {
            long number = Long.parseLong(given.trim());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Both mistakes are told by the same words.
        }
        throw RefusedException.wrong(name + " is not a whole number between " + least + " and " + most);
    }
}
