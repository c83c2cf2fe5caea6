package io.aeon.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.image.loader.LogDeltaManifest;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private final List<Boolean> sawIt = new ArrayList<>();
    private final Images images = new Images("cluster", image -> sawIt.add(latest() == image));

    private KRaftImage latest() {
        return images.latest();
    }

    @Test
    void settingsFollowAnImageBeforeAnyoneSeesIt() {
        images.subscribe(change -> sawIt.add(latest() == change.image()));
        sawIt.clear();

        MetadataDelta delta =
                new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
        images.onMetadataUpdate(
                delta,
                delta.apply(new MetadataProvenance(1, 1, 0, true)),
                LogDeltaManifest.newBuilder()
                        .provenance(MetadataProvenance.EMPTY)
                        .leaderAndEpoch(LeaderAndEpoch.UNKNOWN)
                        .numBatches(1)
                        .elapsedNs(1)
                        .numBytes(1)
                        .build());

        assertThat(sawIt).containsExactly(false, true);
    }
}
