package io.aeon.api;

import io.aeon.metadata.FeatureRange;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What ApiVersions states about this broker besides its APIs.
 *
 * @param clusterId called for each request, because the cluster id is unknown until the metadata is loaded
 * @param features called for each request
 */
public record BrokerIdentity(int nodeId, Supplier<String> clusterId, Supplier<Features> features) {
    /**
     * The cluster's features (KIP-584). Clients choose their protocol by them, so list only features that work.
     *
     * @param supported for each feature, the lowest and the highest level that this broker supports
     * @param finalized for each feature, the level in force
     * @param epoch metadata offset at which {@code finalized} came into force, -1 if unknown
     */
    public record Features(Map<String, FeatureRange> supported, Map<String, Short> finalized, long epoch) {
        public static final Features NONE = new Features(Map.of(), Map.of(), -1);
    }
}
