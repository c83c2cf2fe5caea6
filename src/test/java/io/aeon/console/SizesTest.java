package io.aeon.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.diagnosis.ReplicaSizes;
import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class SizesTest {
    private static Partition partition(int index) {
        return new Partition(index, 0, 1, 0, List.of(1, 2), List.of(1), Eligible.NONE, List.of());
    }

    private static Topic topic(int partitions) {
        return new Topic(
                "t",
                Uuid.randomUuid(),
                IntStream.range(0, partitions).mapToObj(SizesTest::partition).toList());
    }

    private static Map<String, LogDirDescription> told(long... sizes) {
        Map<TopicPartition, ReplicaInfo> replicas = new HashMap<>();
        for (int i = 0; i < sizes.length; i++) {
            replicas.put(new TopicPartition("t", i), new ReplicaInfo(sizes[i], 0, false));
        }
        return Map.of("/data", new LogDirDescription(null, replicas));
    }

    @Test
    void whatABrokerHasNotToldIsNotZero() {
        var known = new Sizes.KnownSizes(new ReplicaSizes(Map.of(1, told(5, 7, 1), 2, told(5, 8))), List.of(), 0);

        assertThat(known.of("t", partition(1))).isEqualTo(15);
        assertThat(known.of("t", partition(2))).isNull();
        assertThat(known.of(topic(2))).isEqualTo(25);
        assertThat(known.of(topic(3))).isNull();
    }
}
