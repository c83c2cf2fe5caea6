package io.aeon.embedded;

import io.aeon.api.ApiTable;
import io.aeon.api.faults.RequestFaults;
import io.aeon.broker.Timer;
import io.aeon.coordinator.Now;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.storage.file.LogFiles;
import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a broker and its world. A broker in service has the world itself.
 *
 * @param files the files in which the partitions' logs are kept
 * @param clock the broker's wall clock
 * @param clocks its wall clock and its monotonic clock
 * @param faults act on the requests of clients; null for a broker in service
 */
record Surroundings(
        LogFiles files,
        Clock clock,
        Supplier<Now> clocks,
        @Nullable RequestFaults faults) {
    static Surroundings real() {
        return new Surroundings(LogFiles.disk(), Clock.systemUTC(), MovableClock::machine, null);
    }

    /** The APIs as clients meet them. */
    ApiTable around(ApiTable apis, Metadata metadata, Timer timer) {
        return faults == null
                ? apis
                : faults.in(apis, id -> metadata.image().topic(id).map(ClusterImage.Topic::name), timer);
    }
}
