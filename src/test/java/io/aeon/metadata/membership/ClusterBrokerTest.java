package io.aeon.metadata.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.metadata.channel.BrokerCalls;
import io.aeon.metadata.channel.ControllerChannel;
import io.aeon.metadata.channel.PlayedController;
import io.aeon.metadata.directory.BrokerEpochFile;
import io.aeon.metadata.image.Images;
import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that the controller does not register. */
class ClusterBrokerTest {
    private static final int NEVER_MS = 3_600_000;
    private static final long LONGEST_MS = 60_000_000;

    @TempDir
    private Path dir;

    private volatile Runnable deadline;
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            if (unit.toMillis(delay) == LONGEST_MS) {
                deadline = task;
            }
            return super.schedule(task, delay, unit);
        }
    };

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void theEndOfTheStartNamesAnotherNodeOfTheSameId() throws Exception {
        try (PlayedController controller =
                        new PlayedController(1, Set.of(ApiKeys.API_VERSIONS, ApiKeys.BROKER_REGISTRATION));
                ControllerChannel channel =
                        new ControllerChannel("test", controller::node, NEVER_MS, scheduler, Time.SYSTEM)) {
            CompletableFuture<Void> served = broker(channel).serve(new BrokerRegistrationRequestData(), LONGEST_MS);
            await().until(() -> Collections.frequency(controller.received(), ApiKeys.BROKER_REGISTRATION) > 1);

            scheduler.execute(deadline);

            assertThat(served)
                    .failsWithin(PatientWaits.LIMIT)
                    .withThrowableThat()
                    .withRootCauseInstanceOf(ConfigException.class)
                    .withMessageContaining("No controller has registered broker 4 within 60000000 ms")
                    .withMessageContaining("still counts a broker 4 as alive")
                    .withMessageContaining("unless another node has this id");
        }
    }

    private ClusterBroker broker(ControllerChannel channel) {
        return new ClusterBroker(
                4,
                new BrokerLifecycle.Pace(10, 10, 1000),
                NEVER_MS,
                new BrokerCalls(channel, NEVER_MS),
                new Images("cluster", image -> {}),
                new BrokerEpochFile(LogFiles.disk(), dir),
                scheduler,
                Time.SYSTEM,
                (message, cause) -> new IllegalStateException(message, cause));
    }
}
