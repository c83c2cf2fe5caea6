package io.aeon.metadata.raft;

import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.raft.LeaderAndEpoch;

/**
 * Tells that the metadata quorum has another leader, or none.
 *
 * @param told called on the thread that loads the metadata
 */
public record LeaderChanges(Runnable told) implements MetadataPublisher {
    @Override
    public String name() {
        return "LeaderChanges";
    }

    @Override
    public void onControllerChange(LeaderAndEpoch leader) {
        told.run();
    }

    @Override
    public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {}

    @Override
    public void close() {}
}
