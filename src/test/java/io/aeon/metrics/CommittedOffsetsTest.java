package io.aeon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.OffsetFetchResult.Fetched;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Every group has committed the offset 7 of each of its partitions. */
class CommittedOffsetsTest {
    private final Map<String, OffsetFetchResult> groups = new TreeMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    @Test
    void aSumWithoutOneOfItsPartsIsLeftOut() {
        groups.put(
                "g",
                new OffsetFetchResult(
                        Errors.NONE,
                        Stream.concat(offsets("a", 3), offsets("b", 3)).toList()));
        ends("a", 3);
        ends("b", 2);

        assertThat(values("kafka_consumergroup_lag")).hasSize(5).allMatch(lag -> lag == 3);
        assertThat(values("kafka_consumergroup_lag_sum")).containsExactly(9.0);
        assertThat(values("kafka_consumergroup_current_offset_sum")).containsExactly(21.0, 21.0);
    }

    @Test
    void theOffsetsOfAGroupInATopicAreShownAllOrNone() {
        groups.put("1", new OffsetFetchResult(Errors.NONE, offsets("a", 9_000).toList()));
        groups.put(
                "2",
                new OffsetFetchResult(
                        Errors.NONE,
                        Stream.concat(offsets("a", 2_000), offsets("b", 500)).toList()));
        ends("a", 9_000);
        ends("b", 500);

        assertThat(values("kafka_consumergroup_lag")).hasSize(9_500);
        assertThat(values("kafka_consumergroup_lag_sum")).containsExactlyInAnyOrder(27_000.0, 1_500.0);
        assertThat(values("kafka_consumergroup_current_offset_sum")).containsExactlyInAnyOrder(63_000.0, 3_500.0);
        assertThat(values("aeon_metrics_omitted_offsets")).containsExactly(2_000.0);
    }

    private void ends(String topic, int partitions) {
        IntStream.range(0, partitions).forEach(each -> ends.put(new TopicPartition(topic, each), 10L));
    }

    private static Stream<Fetched> offsets(String topic, int partitions) {
        CommittedOffset offset = new CommittedOffset(7, -1, "", 0, -1, Uuid.ZERO_UUID);
        return IntStream.range(0, partitions)
                .mapToObj(each -> new Fetched(new TopicIdPartition(Uuid.ZERO_UUID, each, topic), offset, false));
    }

    private List<Double> values(String name) {
        Families families = new Families();
        CommittedOffsets.of(groups, ends).collect(families);
        return families.snapshots().stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .flatMap(each -> ((GaugeSnapshot) each).getDataPoints().stream())
                .map(GaugeDataPointSnapshot::getValue)
                .toList();
    }
}
