package io.aeon.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The groups in the offsets topic of a stopped Kafka node that Aeon has no coordinator for. Reads and writes nothing.
 */
final class KafkaGroups {
    private static final String OFFSETS_TOPIC = "__consumer_offsets-";
    /** What a key of the offsets topic begins with, for the records that state that a group exists. */
    private static final Map<Short, String> KINDS = Map.of((short) 11, "share", (short) 17, "streams");

    private final Map<String, Set<String>> groups = new TreeMap<>();

    private KafkaGroups() {}

    /** The names of the groups by kind. */
    static Map<String, Set<String>> in(List<Path> partitions) throws IOException {
        KafkaGroups found = new KafkaGroups();
        for (Path partition : partitions) {
            if (partition.getFileName().toString().startsWith(OFFSETS_TOPIC)) {
                found.read(partition);
            }
        }
        found.groups.values().removeIf(Set::isEmpty);
        return found.groups;
    }

    private void read(Path partition) throws IOException {
        try (Stream<Path> entries = Files.list(partition)) {
            for (Path segment : entries.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                try (FileRecords records = FileRecords.open(segment.toFile(), false)) {
                    for (RecordBatch batch : records.batches()) {
                        if (!batch.isControlBatch()) {
                            batch.forEach(this::note);
                        }
                    }
                }
            }
        }
    }

    private void note(Record record) {
        ByteBuffer key = record.key();
        String kind = key.remaining() < 2 * Short.BYTES ? null : KINDS.get(key.getShort());
        if (kind == null) {
            return;
        }
        byte[] name = new byte[Math.min(key.getShort(), key.remaining())];
        key.get(name);
        Set<String> named = groups.computeIfAbsent(kind, each -> new TreeSet<>());
        String group = new String(name, StandardCharsets.UTF_8);
        if (record.hasValue()) {
            named.add(group);
        } else {
            named.remove(group);
        }
    }
}
