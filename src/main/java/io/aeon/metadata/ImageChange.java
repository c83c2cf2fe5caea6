package io.aeon.metadata;

import io.aeon.metadata.ClusterImage.Topic;
import java.util.Collection;
import java.util.List;

/**
 * A new image and where to look for what it changes, so that nobody has to walk through all of it.
 *
 * @param touched topics of the image that are new, or not what they were, or have other settings of their own
 * @param deleted topics that are gone, as they were
 * @param brokerSettings whether dynamic settings of brokers changed, which stand behind those of every topic
 */
public record ImageChange(
        ClusterImage image, Collection<Topic> touched, Collection<Topic> deleted, boolean brokerSettings) {

    /** For somebody who has seen no image before. */
    public static ImageChange first(ClusterImage image) {
        return new ImageChange(image, image.topics(), List.of(), false);
    }
}
