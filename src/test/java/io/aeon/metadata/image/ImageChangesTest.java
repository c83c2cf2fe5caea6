package io.aeon.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ImageChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metadata.ConfigRecord;
import org.apache.kafka.common.metadata.PartitionChangeRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A subscriber that applies only the changes has the content of the latest image, whatever happened between two images.
 */
class ImageChangesTest {
    private static final int IMAGES = 300;

    private record Mirrored(ClusterImage.Topic topic, Map<String, String> overrides) {}

    private final Map<Uuid, Mirrored> mirror = new HashMap<>();
    private final Map<String, Uuid> present = new TreeMap<>();
    private final Map<Uuid, Integer> partitions = new HashMap<>();
    private KRaftImage image = new KRaftImage("cluster", MetadataImage.EMPTY);
    private boolean brokerSettings;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomChangesFollowedByTheirDeltasAreTheImage(long seed) {
        Random random = new Random(seed);
        for (int offset = 1; offset <= IMAGES; offset++) {
            MetadataDelta delta =
                    new MetadataDelta.Builder().setImage(image.kafka()).build();
            brokerSettings = false;
            for (int count = random.nextInt(6); count >= 0; count--) {
                records(random).forEach(delta::replay);
            }
            KRaftImage next = new KRaftImage("cluster", delta.apply(new MetadataProvenance(offset, 1, 0, true)));

            follow(ImageChanges.of(delta, image, next), next);

            image = next;
            assertThat(mirror).isEqualTo(all(image));
        }
    }

    private void follow(ImageChange change, KRaftImage next) {
        Set<Uuid> gone = new HashSet<>(all(image).keySet());
        gone.removeAll(all(next).keySet());
        assertThat(change.image()).isSameAs(next);
        assertThat(change.brokerSettings()).isEqualTo(brokerSettings);
        assertThat(change.deleted())
                .allSatisfy(topic -> assertThat(mirror.get(topic.id()).topic()).isEqualTo(topic))
                .extracting(ClusterImage.Topic::id)
                .containsExactlyInAnyOrderElementsOf(gone);
        change.deleted().forEach(topic -> mirror.remove(topic.id()));
        change.touched().forEach(topic -> mirror.put(topic.id(), mirrored(topic, next)));
    }

    private static Map<Uuid, Mirrored> all(ClusterImage image) {
        Map<Uuid, Mirrored> all = new HashMap<>();
        image.topics().forEach(topic -> all.put(topic.id(), mirrored(topic, image)));
        return all;
    }

    private static Mirrored mirrored(ClusterImage.Topic topic, ClusterImage image) {
        return new Mirrored(topic, Map.copyOf(image.topicOverrides(topic.name())));
    }

    /** A change as the controller writes it; a deleted topic is often recreated at once. */
    private List<ApiMessage> records(Random random) {
        String name = "topic-" + random.nextInt(8);
        Uuid id = present.get(name);
        if (random.nextInt(10) == 0) {
            brokerSettings = true;
            return List.of(setting(ConfigResource.Type.BROKER, "", random));
        }
        if (id == null) {
            return made(name, new Uuid(random.nextLong(), 1 + random.nextInt(1000)), random);
        }
        return switch (random.nextInt(4)) {
            case 0 -> deleted(name, id);
            case 1 -> List.of(setting(ConfigResource.Type.TOPIC, name, random));
            case 2 -> List.of(grown(id));
            default ->
                List.of(new PartitionChangeRecord()
                        .setTopicId(id)
                        .setPartitionId(random.nextInt(partitions.get(id)))
                        .setLeader(random.nextInt(2)));
        };
    }

    private List<ApiMessage> made(String name, Uuid id, Random random) {
        present.put(name, id);
        partitions.put(id, 0);
        List<ApiMessage> records =
                new ArrayList<>(List.of(new TopicRecord().setName(name).setTopicId(id), grown(id)));
        if (random.nextBoolean()) {
            records.add(setting(ConfigResource.Type.TOPIC, name, random));
        }
        return records;
    }

    private List<ApiMessage> deleted(String name, Uuid id) {
        present.remove(name);
        return List.of(new RemoveTopicRecord().setTopicId(id));
    }

    private PartitionRecord grown(Uuid id) {
        int index = partitions.merge(id, 1, Integer::sum) - 1;
        return new PartitionRecord()
                .setTopicId(id)
                .setPartitionId(index)
                .setReplicas(List.of(0, 1))
                .setIsr(List.of(0, 1))
                .setDirectories(List.of(new Uuid(9, 1), new Uuid(9, 2)))
                .setLeader(0)
                .setLeaderEpoch(0)
                .setPartitionEpoch(0);
    }

    private static ConfigRecord setting(ConfigResource.Type type, String name, Random random) {
        return new ConfigRecord()
                .setResourceType(type.id())
                .setResourceName(name)
                .setName("retention.ms")
                .setValue(random.nextInt(4) == 0 ? null : Integer.toString(random.nextInt(3)));
    }
}
