package io.aeon.metadata.node;

import io.aeon.metadata.engine.Engine;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.server.common.KRaftVersion;

/** What the node that founds a cluster does once. */
final class Founding {
    private Founding() {}

    /**
     * Lets voters join the cluster (kraft.version 1, KIP-853). If another node leads the quorum, they can join already.
     */
    static CompletableFuture<Void> letVotersJoin(Engine engine) {
        ControllerRequestContext context =
                new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
        KRaftVersion level = KRaftVersion.KRAFT_VERSION_1;
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates()
                .add(new FeatureUpdateKey()
                        .setFeature(KRaftVersion.FEATURE_NAME)
                        .setMaxVersionLevel(level.featureLevel()));
        return engine.whenActive()
                .thenCompose(active -> !active || engine.raft().client().kraftVersion() == level
                        ? CompletableFuture.completedFuture(null)
                        : engine.controller().updateFeatures(context, request).thenAccept(Founding::requireNoError));
    }

    private static void requireNoError(UpdateFeaturesResponseData response) {
        if (response.errorCode() != Errors.NONE.code()) {
            throw Errors.forCode(response.errorCode()).exception(response.errorMessage());
        }
    }
}
