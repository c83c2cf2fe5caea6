package io.aeon.api;

import java.util.Map;
import java.util.function.Supplier;

/**
 * What ApiVersions tells of this broker besides its APIs.
 *
 * @param clusterId asked for at each request, because it is not known before the metadata is
 * @param features asked for at each request
 */
public record BrokerIdentity(int nodeId, Supplier<String> clusterId, Supplier<Features> features) {
    /**
     * The cluster's features (KIP-584). Clients choose their protocol by them: only what works may stand here.
     *
     * @param supported by name, lowest and highest level this broker supports
     * @param finalized by name, the level in force
     * @param epoch offset of the metadata at which {@code finalized} came into force, -1 if unknown
     */
    public record Features(Map<String, Range> supported, Map<String, Short> finalized, long epoch) {
        public static final Features NONE = new Features(Map.of(), Map.of(), -1);
    }

    /** Levels of a feature, both ends included. */
    public record Range(short min, short max) {}
}
