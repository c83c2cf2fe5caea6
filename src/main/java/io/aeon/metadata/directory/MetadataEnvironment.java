package io.aeon.metadata.directory;

import io.aeon.storage.file.LogFiles;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * The external resources of the metadata engine, which tests replace.
 *
 * @param files the files that hold everything except snapshots, which Kafka's own code writes and reads
 * @param time the clock of every part of the engine
 * @param uuids source of new ids for clusters, directories and incarnations
 */
public record MetadataEnvironment(LogFiles files, Time time, Supplier<Uuid> uuids) {
    public static MetadataEnvironment of(LogFiles files) {
        return new MetadataEnvironment(files, Time.SYSTEM, Uuid::randomUuid);
    }

    /** The same clock for code that does not use Kafka's {@link Time}. */
    public Clock clock() {
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
