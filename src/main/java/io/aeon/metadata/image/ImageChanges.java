package io.aeon.metadata.image;

import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.image.MetadataDelta;

/** Derives an {@link ImageChange} from Kafka's metadata delta. */
final class ImageChanges {
    private ImageChanges() {}

    static ImageChange of(MetadataDelta delta, KRaftImage before, KRaftImage image) {
        Set<String> touched = new LinkedHashSet<>();
        List<Topic> deleted = new ArrayList<>();
        boolean brokerSettings = false;
        if (delta.topicsDelta() != null) {
            delta.topicsDelta().changedTopics().values().forEach(topic -> touched.add(topic.name()));
            delta.topicsDelta().deletedTopicIds().forEach(id -> before.topic(id).ifPresent(deleted::add));
        }
        if (delta.configsDelta() != null) {
            for (ConfigResource resource : delta.configsDelta().changes().keySet()) {
                brokerSettings |= resource.type() == ConfigResource.Type.BROKER;
                if (resource.type() == ConfigResource.Type.TOPIC) {
                    touched.add(resource.name());
                }
            }
        }
        List<Topic> present =
                touched.stream().map(image::topic).flatMap(Optional::stream).toList();
        return new ImageChange(image, present, deleted, brokerSettings, delta.clientQuotasDelta() != null);
    }
}
