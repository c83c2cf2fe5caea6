package io.aeon.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.ClusterImage.Eligible;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class SizesTest {
    private static Topic topic(int partitions) {
        return new Topic(
                "t",
                Uuid.randomUuid(),
                IntStream.range(0, partitions)
                        .mapToObj(index ->
                                new Partition(index, 0, 1, 0, List.of(1), List.of(1), Eligible.NONE, List.of()))
                        .toList());
    }

    @Test
    void whatNoBrokerHasToldIsNotZero() {
        Map<TopicPartition, Long> bytes = Map.of(new TopicPartition("t", 0), 5L, new TopicPartition("t", 1), 7L);
        var known = new Sizes.KnownSizes(List.of(), bytes, List.of(), 0);

        assertThat(known.of("t", 1)).isEqualTo(7);
        assertThat(known.of("t", 2)).isNull();
        assertThat(known.of(topic(2))).isEqualTo(12);
        assertThat(known.of(topic(3))).isNull();
    }
}
