package io.aeon.api.quotas;

/**
 * What a quota does to a response.
 *
 * @param millis for which the client's connection takes no further request; 0 within the quota
 * @param withholds whether the client has to ask again for what the response would have had
 */
public record Throttle(int millis, boolean withholds) {
    public static final Throttle NONE = new Throttle(0, false);
}
