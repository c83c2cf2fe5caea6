package io.aeon.metadata;

import io.aeon.metadata.ClusterImage.Topic;
import java.util.Collection;
import java.util.List;

/**
 * A new image, with the parts that changed, so that a subscriber need not compare whole images.
 *
 * @param touched topics of the image that are new or changed, or whose own settings changed
 * @param deleted deleted topics, in their last state
 * @param brokerSettings whether dynamic broker settings changed, which are defaults for the settings of every topic
 * @param clientQuotas whether client quotas changed
 */
public record ImageChange(
        ClusterImage image,
        Collection<Topic> touched,
        Collection<Topic> deleted,
        boolean brokerSettings,
        boolean clientQuotas) {

    /** The change for a subscriber that has seen no image before: every topic is touched. */
    public static ImageChange first(ClusterImage image) {
        return new ImageChange(image, image.topics(), List.of(), false, true);
    }
}
