package io.aeon.metadata.image;

import io.aeon.metadata.FeatureRange;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.controller.QuorumFeatures;
import org.apache.kafka.metadata.VersionRange;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.common.TransactionVersion;

/** The features of the cluster (KIP-584): which levels this broker supports, and which a new data directory has. */
public final class FeatureLevels {
    private static final Map<String, Short> OF_NEW_DIRECTORY = Map.of(
            EligibleLeaderReplicasVersion.FEATURE_NAME,
            EligibleLeaderReplicasVersion.LATEST_PRODUCTION.featureLevel(),
            GroupVersion.FEATURE_NAME,
            GroupVersion.GV_1.featureLevel(),
            TransactionVersion.FEATURE_NAME,
            TransactionVersion.TV_2.featureLevel());

    /** What the controller can read in the metadata log: also a feature of Kafka's that this broker does not have. */
    public static final Map<String, VersionRange> OF_CONTROLLER = QuorumFeatures.defaultSupportedFeatureMap(false);

    /** The features that make a difference to this broker. */
    private static final Map<String, FeatureRange> OF_BROKER = OF_CONTROLLER.entrySet().stream()
            .filter(feature -> feature.getKey().equals(MetadataVersion.FEATURE_NAME)
                    || OF_NEW_DIRECTORY.containsKey(feature.getKey()))
            .collect(Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    feature -> new FeatureRange(
                            feature.getValue().min(), feature.getValue().max())));

    /** What this broker tells the cluster that it joins: the features that it has, and the quorum's own. */
    public static final Map<String, VersionRange> OF_CLUSTER_BROKER = OF_CONTROLLER.entrySet().stream()
            .filter(feature ->
                    OF_BROKER.containsKey(feature.getKey()) || feature.getKey().equals(KRaftVersion.FEATURE_NAME))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private FeatureLevels() {}

    /**
     * Refuses a cluster with features that this broker does not have: its brokers would rely on each other for them.
     *
     * @param finalized the levels of the cluster's features
     * @throws ConfigException names the features, and how to lower them
     */
    public static void requireSupported(Map<String, Short> finalized) {
        Map<String, Short> missing = new TreeMap<>(finalized);
        missing.entrySet().removeIf(feature -> feature.getValue() == 0 || isSupported(feature));
        if (!missing.isEmpty()) {
            throw new ConfigException("The cluster has features that Aeon does not have: "
                    + join(missing, (name, level) -> name + " at level " + level, ", ")
                    + ". Lower them first, if nothing uses them: kafka-features downgrade"
                    + join(missing, (name, level) -> " --feature " + name + "=" + highest(name), ""));
        }
    }

    private static boolean isSupported(Map.Entry<String, Short> feature) {
        VersionRange range = OF_CLUSTER_BROKER.get(feature.getKey());
        return range != null && range.contains(feature.getValue());
    }

    private static short highest(String feature) {
        VersionRange range = OF_CLUSTER_BROKER.get(feature);
        return range == null ? 0 : range.max();
    }

    private static String join(Map<String, Short> features, BiFunction<String, Short, String> each, String separator) {
        return features.entrySet().stream()
                .map(feature -> each.apply(feature.getKey(), feature.getValue()))
                .collect(Collectors.joining(separator));
    }

    /** The feature levels of a new data directory, besides the metadata version. */
    public static Map<String, Short> ofNewDirectory() {
        return OF_NEW_DIRECTORY;
    }

    public static Map<String, FeatureRange> supported() {
        return OF_BROKER;
    }

    /**
     * Updates features, except to levels that the controller knows and this broker does not have: these are refused. To
     * disable such a feature is allowed: a data directory of Apache Kafka may have it. As in Kafka all updates fail if
     * one does, and an error that the controller finds among the others is told first.
     *
     * @param quorum the highest level of kraft.version that the quorum may have
     */
    public static CompletableFuture<UpdateFeaturesResponseData> update(
            UpdateFeaturesRequestData request,
            int nodeId,
            KRaftVersion quorum,
            Function<UpdateFeaturesRequestData, CompletableFuture<UpdateFeaturesResponseData>> controller) {
        Optional<UpdateFeaturesResponseData> refusal = request.featureUpdates().stream()
                .filter(update -> isMissing(update, quorum))
                .findFirst()
                .map(update -> refusal(update, nodeId));
        if (refusal.isEmpty()) {
            return controller.apply(request);
        }
        UpdateFeaturesRequestData others = request.duplicate().setValidateOnly(true);
        others.featureUpdates().removeIf(update -> isMissing(update, quorum));
        return others.featureUpdates().isEmpty()
                ? CompletableFuture.completedFuture(refusal.get())
                : controller
                        .apply(others)
                        .thenApply(answer -> answer.errorCode() == Errors.NONE.code() ? refusal.get() : answer);
    }

    private static boolean isMissing(FeatureUpdateKey update, KRaftVersion quorum) {
        return update.maxVersionLevel() > (isOfQuorum(update) ? quorum.featureLevel() : 0)
                && OF_CONTROLLER.containsKey(update.feature())
                && !OF_BROKER.containsKey(update.feature());
    }

    private static UpdateFeaturesResponseData refusal(FeatureUpdateKey update, int nodeId) {
        return new UpdateFeaturesResponseData()
                .setErrorCode(Errors.INVALID_UPDATE_VERSION.code())
                .setErrorMessage("The update failed for all features since the following feature had an error: "
                        + "Invalid update version " + update.maxVersionLevel() + " for feature "
                        + update.feature() + ". " + reason(update, nodeId));
    }

    private static boolean isOfQuorum(FeatureUpdateKey update) {
        return update.feature().equals(KRaftVersion.FEATURE_NAME);
    }

    private static String reason(FeatureUpdateKey update, int nodeId) {
        return QuorumFeatures.reasonNotSupported(
                        update.maxVersionLevel(), "Broker " + nodeId, VersionRange.of((short) 0, (short) 0))
                .orElseThrow();
    }
}
