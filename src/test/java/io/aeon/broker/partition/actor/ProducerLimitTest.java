package io.aeon.broker.partition.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.file.LogFiles;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerBatch;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.producer.ProducerStates;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProducerLimitTest {
    private static final int MOST = 5000;
    private static final int FLOOD = 50_000;
    private static final int BETWEEN_COUNTS = 1000;

    private final ProducerLimit limit = new ProducerLimit(MOST * 200, Runnable::run, () -> 0);
    private long nextOffset;

    @Test
    void theLogOfAFloodForgetsItsIdleProducersAndOtherLogsForgetNone() {
        LogProducers flooded = log();
        ProducerLimit.Watched watched = limit.watch(flooded);
        LogProducers other = log();
        ProducerLimit.Watched watchedOther = limit.watch(other);
        for (int id = 0; id < 10; id++) {
            append(other, id, 0);
            watchedOther.look();
        }

        int sequence = 0;
        for (int id = 1; id <= FLOOD; id++) {
            append(flooded, id, 0);
            watched.look();
            if (id % 100 == 0) {
                append(flooded, 0, sequence++);
                watched.look();
            }
            assertThat(flooded.states().size()).isLessThanOrEqualTo(MOST + BETWEEN_COUNTS);
        }

        assertThat(other.states().size()).isEqualTo(10);
        ProducerBatch repeated = batch(0, sequence - 1);
        assertThat(flooded.states().admit(repeated))
                .as("the active producer is known")
                .isNotNull();
    }

    @Test
    void whatALogHoldsWhenItIsOpenedCounts() {
        LogProducers large = log();
        for (int id = 0; id < 2 * MOST; id++) {
            append(large, id, 0);
        }

        limit.watch(large);

        assertThat(large.states().size()).isEqualTo(MOST);
    }

    private static LogProducers log() {
        return new LogProducers(
                Path.of("unused"), LogFiles.disk(), new ProducerStates(), ProducerCheckpoint.NO_SNAPSHOT);
    }

    private void append(LogProducers log, long id, int sequence) {
        log.states().appended(batch(id, sequence));
        nextOffset++;
    }

    private ProducerBatch batch(long id, int sequence) {
        return new ProducerBatch(id, (short) 0, sequence, 0, nextOffset, 1000, false);
    }
}
