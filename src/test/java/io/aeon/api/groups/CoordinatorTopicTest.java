package io.aeon.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.aeon.PatientWaits;
import io.aeon.metadata.node.Engines;
import io.aeon.metadata.node.KRaft;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CoordinatorTopicTest {
    @TempDir
    Path dir;

    private final Logger logger = (Logger) LoggerFactory.getLogger(CoordinatorTopic.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void watchTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
    }

    /** As in Kafka the broker's setting may be any positive number, and that of a topic may not. */
    @Test
    void aRefusedTopicIsTold() {
        try (KRaft metadata =
                Engines.start(Engines.settings(dir, Map.of("aeon.kafka.offsets.topic.segment.bytes", 65536)))) {
            CoordinatorTopic groups = CoordinatorTopic.ofGroups(metadata, metadata.settings(), Runnable::run);

            assertThat(PatientWaits.done(groups.findOrCreate())).isEmpty();

            assertThat(log.list).anySatisfy(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getFormattedMessage()).contains(groups.name(), "INVALID_CONFIG", "segment.bytes");
            });
        }
    }
}
