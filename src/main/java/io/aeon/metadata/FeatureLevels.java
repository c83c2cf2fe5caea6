package io.aeon.metadata;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;
import org.apache.kafka.server.common.GroupVersion;
import org.apache.kafka.server.common.TransactionVersion;

/** The feature levels that this broker needs, besides the metadata version. */
final class FeatureLevels {
    private static final Map<String, Short> LEVELS = Map.of(
            EligibleLeaderReplicasVersion.FEATURE_NAME,
            EligibleLeaderReplicasVersion.LATEST_PRODUCTION.featureLevel(),
            GroupVersion.FEATURE_NAME,
            GroupVersion.GV_1.featureLevel(),
            TransactionVersion.FEATURE_NAME,
            TransactionVersion.TV_2.featureLevel());

    private FeatureLevels() {}

    /** The feature levels of a new data directory. */
    static Map<String, Short> ofNewDirectory() {
        return LEVELS;
    }

    /** Raises the feature levels of a data directory of an older release. */
    static CompletableFuture<Void> raise(
            KRaftImage image, QuorumController controller, ControllerRequestContext context) {
        Map<String, Short> present = image.finalizedFeatures();
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        LEVELS.forEach((name, level) -> {
            if (present.getOrDefault(name, (short) 0) < level) {
                request.featureUpdates()
                        .add(new FeatureUpdateKey().setFeature(name).setMaxVersionLevel(level));
            }
        });
        return request.featureUpdates().isEmpty()
                ? CompletableFuture.completedFuture(null)
                : controller.updateFeatures(context, request).thenAccept(raised -> {});
    }
}
