package io.aeon.metadata;

import io.aeon.storage.file.LogFiles;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * What the metadata engine takes from the world.
 *
 * @param files where everything is kept but snapshots, which Kafka's own code writes and reads
 * @param time what every part of the engine tells time by
 * @param uuids new ids of clusters, directories and incarnations
 */
record MetadataEnvironment(LogFiles files, Time time, Supplier<Uuid> uuids) {
    static MetadataEnvironment of(LogFiles files) {
        return new MetadataEnvironment(files, Time.SYSTEM, Uuid::randomUuid);
    }

    /** The same time for what knows nothing of Kafka. */
    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return Clock.fixed(instant(), zone);
            }

            @Override
            public long millis() {
                return time.milliseconds();
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(millis());
            }
        };
    }
}
