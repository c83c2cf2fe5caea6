package io.aeon.api.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.aeon.LoggedLines;
import io.aeon.PatientWaits;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorTopicTest {
    @TempDir
    Path dir;

    /** As in Kafka the broker's setting may be any positive number, and that of a topic may not. */
    @Test
    void aRefusedTopicIsTold() {
        try (LoggedLines log = LoggedLines.of(CoordinatorTopic.class);
                KRaft metadata =
                        Engines.start(Engines.settings(dir, Map.of("aeon.kafka.offsets.topic.segment.bytes", 65536)))) {
            CoordinatorTopic groups = CoordinatorTopic.ofGroups(metadata, metadata.settings(), Runnable::run);

            assertThat(PatientWaits.done(groups.findOrCreate())).isEmpty();

            await().untilAsserted(() -> assertThat(log.events()).anySatisfy(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getFormattedMessage()).contains(groups.name(), "INVALID_CONFIG", "segment.bytes");
            }));
        }
    }
}
