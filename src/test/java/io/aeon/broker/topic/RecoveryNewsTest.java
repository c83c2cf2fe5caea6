package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecoveryNewsTest {
    private static final List<TopicPartition> THREE =
            IntStream.range(0, 3).mapToObj(i -> new TopicPartition("t", i)).toList();

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final InstantSource source = () -> now;
    private final Clock clock = source.withZone(ZoneOffset.UTC);
    private final RecoveryNews news = new RecoveryNews(clock, told::add);

    private void after(int seconds, TopicPartition done) {
        now = now.plusSeconds(seconds);
        news.done(done);
    }

    @Test
    void aLongRecoveryIsReportedEveryTenSeconds() {
        news.begin(THREE);
        after(9, THREE.get(0));
        after(2, THREE.get(1));
        after(5, THREE.get(2));

        assertThat(told)
                .containsExactly(
                        "2 of 3 partitions that were not closed cleanly are recovered",
                        "All 3 partitions that were not closed cleanly are recovered, after 16000 ms");
    }

    @Test
    void whatIsOpenedLaterIsNoNews() {
        news.begin(THREE.subList(0, 1));
        news.done(THREE.get(0));
        news.done(THREE.get(0));
        news.done(THREE.get(1));

        assertThat(told).hasSize(1);
    }

    @Test
    void aCleanStartReportsNothing() {
        news.begin(List.of());
        news.done(THREE.get(0));

        assertThat(told).isEmpty();
    }
}
