package io.aeon.storage.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.storage.batch.Batches;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.ManualClock;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A log of random records with keys, and a model list of the records that must remain. */
final class KeyedLog {
    static final long TOMBSTONE_MS = 10_000;
    static final LogConfig CONFIG = new LogConfig(3000, Long.MAX_VALUE, 300, 1 << 20, -1, -1, 0, false, Long.MAX_VALUE)
            .with(new CompactionConfig(true, 0, 0, Long.MAX_VALUE, TOMBSTONE_MS));
    private static final int KEYS = 40;
    private static final List<CompressionType> CODECS = List.of(CompressionType.values());

    final Path directory;
    final LogEnvironment environment;
    final ManualClock clock;
    private final Random random;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Integer, Long> deleteHorizons = new HashMap<>();
    private int batches;
    private long end;
    PartitionLog log;

    /** A record; {@code value} is null for a tombstone. */
    record Entry(int batch, long offset, long timestamp, String key, String value) {
        String text() {
            return offset + " " + timestamp + " " + key + "=" + value;
        }
    }

    KeyedLog(Path directory, LogFiles files, Random random) {
        this.directory = directory;
        this.random = random;
        this.clock = new ManualClock(1_700_000_000_000L);
        this.environment = new LogEnvironment(clock, new MapBudget(4), files);
        open();
    }

    void open() {
        log = PartitionLog.open(directory, CONFIG, environment);
    }

    void append(int count) {
        for (int i = 0; i < count; i++) {
            SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(8)];
            for (int r = 0; r < records.length; r++) {
                String key = "key-" + random.nextInt(KEYS);
                String value = random.nextInt(6) == 0 ? null : "value " + random.nextInt(1_000_000_000);
                long timestamp = clock.millis() - random.nextInt(100);
                records[r] =
                        new SimpleRecord(timestamp, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
                entries.add(new Entry(batches, end++, timestamp, key, value));
            }
            batches++;
            Compression codec =
                    Compression.of(CODECS.get(random.nextInt(CODECS.size()))).build();
            log.append(Batches.batch(codec, records), 0);
        }
        log.flush();
    }

    /** Runs one whole pass, in the model too. */
    void compact() {
        long cleanBefore = cleanedTo();
        try (Compaction pass = pass()) {
            while (pass.prepare()) {
                pass.swap();
            }
        }
        if (cleanedTo() > cleanBefore) {
            compactModel();
        }
    }

    Compaction pass() {
        return log.compaction().pass(log.durableOffset(), new KafkaContents(), new CompactionMemory(1 << 20, 0.9, 700));
    }

    long cleanedTo() {
        RecoveryCheckpoint checkpoint = RecoveryCheckpoint.read(directory, environment.files());
        return checkpoint == null ? 0 : checkpoint.clean().cleanedTo();
    }

    /** Applies a pass to the model up to the offset that it has reached; a second application changes nothing. */
    void compactModel() {
        long cleanedTo = cleanedTo();
        long now = clock.millis();
        Map<String, Long> latest = new HashMap<>();
        entries.stream()
                .filter(entry -> entry.offset() < cleanedTo)
                .forEach(entry -> latest.put(entry.key(), entry.offset()));
        entries.removeIf(entry -> entry.offset() < cleanedTo
                && (latest.get(entry.key()) != entry.offset()
                        || (entry.value() == null
                                && deleteHorizons.getOrDefault(entry.batch(), Long.MAX_VALUE) <= now)));
        Set<Integer> cleaned = new HashSet<>();
        entries.stream()
                .filter(entry -> entry.offset() < cleanedTo && entry.value() == null)
                .forEach(entry -> cleaned.add(entry.batch()));
        cleaned.forEach(batch -> deleteHorizons.putIfAbsent(batch, now + TOMBSTONE_MS));
    }

    /** Checks that the log has exactly the model's records, read from every offset. */
    void check() {
        assertThat(log.logEndOffset()).isEqualTo(end);
        assertThat(read(0)).isEqualTo(entries.stream().map(Entry::text).toList());
        for (int i = 0; i < 10; i++) {
            long from = end == 0 ? 0 : random.nextLong(end);
            assertThat(read(from))
                    .isEqualTo(entries.stream()
                            .filter(entry -> entry.offset() >= from)
                            .map(Entry::text)
                            .toList());
        }
    }

    /** Checks that the remaining records are a part of the old ones and include the latest record of each key. */
    void checkNothingIsLost(List<String> before) {
        List<String> now = read(0);
        assertThat(before).containsAll(now);
        assertThat(latest(now)).isEqualTo(latest(before));
        assertThat(log.logEndOffset()).isEqualTo(end);
    }

    private static Map<String, String> latest(List<String> texts) {
        Map<String, String> latest = new HashMap<>();
        texts.forEach(text -> latest.put(text.substring(text.indexOf("key"), text.indexOf('=')), text));
        latest.values().removeIf(text -> text.endsWith("=null"));
        return latest;
    }

    List<String> read(long from) {
        List<String> texts = new ArrayList<>();
        long next = from;
        while (next < log.logEndOffset()) {
            List<RecordBatch> found = Batches.batches(log.read(next, 1000, true, Long.MAX_VALUE));
            assertThat(found).isNotEmpty();
            for (RecordBatch batch : found) {
                for (Record record : batch) {
                    if (record.offset() >= from) {
                        texts.add(record.offset() + " " + record.timestamp() + " " + text(record.key()) + "="
                                + text(record.value()));
                    }
                }
                next = batch.nextOffset();
            }
        }
        return texts;
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes).toString();
    }
}
