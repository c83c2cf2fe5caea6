package io.aeon.console;

import io.aeon.console.RecordReader.OffsetRange;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import io.aeon.metadata.ClusterImage.Topic;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/records}: records of a topic, newest first ({@code from=newest}) or in their order from the beginning
 * ({@code oldest}), from an offset ({@code offset}, {@code at}) or from a time ({@code time}, {@code at} in
 * milliseconds); {@code cursor} goes on where an answer has ended.
 */
final class RecordPage implements Resource {
    private static final int MOST = 200;
    private static final int USUAL = 50;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final BrokerView broker;
    private final ClusterClients clients;

    RecordPage(BrokerView broker, ClusterClients clients) {
        this.broker = broker;
        this.clients = clients;
    }

    /**
     * A part of the records.
     *
     * @param cursor where the next part begins; null if there is none
     * @param scanned number of records that were looked at
     * @param unanswered partitions whose leader has not answered in time, of which the part has no records
     */
    record RecordPart(List<ShownRecord> records, @Nullable String cursor, long scanned, List<Integer> unanswered) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        Topic topic = TopicDetail.find(broker, query.required("topic"));
        List<TopicPartition> partitions = RecordTopic.partitions(topic, query);
        boolean newestFirst = query.text("from").orElse("newest").equals("newest");
        Map<Integer, OffsetRange> whole =
                whole(partitions, query.text("uncommitted").isEmpty());
        Map<Integer, Long> positions = positions(query, topic, whole);
        whole.keySet().retainAll(positions.keySet());
        RecordScan scan = new RecordScan(newestFirst, whole, positions);
        long[] scanned = new long[1];
        RecordScan.ScanResult found = find(query, topic.name(), scan, scanned);
        boolean isOver = whole.entrySet().stream()
                .allMatch(each ->
                        isOver(each.getValue(), found.positions().getOrDefault(each.getKey(), 0L), newestFirst));
        return Json.answer(new RecordPart(
                found.records(),
                isOver ? null : Cursor.text(found.positions()),
                scanned[0],
                partitions.stream()
                        .map(TopicPartition::partition)
                        .filter(partition -> !whole.containsKey(partition))
                        .toList()));
    }

    private static boolean isOver(OffsetRange whole, long position, boolean newestFirst) {
        return newestFirst ? position <= whole.from() : position >= whole.to();
    }

    /** @param scanned where the number of records that were looked at is added */
    private RecordScan.ScanResult find(HttpQuery query, String topic, RecordScan scan, long[] scanned)
            throws IOException {
        int limit = (int) query.number("limit", USUAL, 1, MOST);
        RecordFilter filter = RecordFilter.of(query);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try (RecordReader reader =
                new RecordReader(clients, query.text("uncommitted").isEmpty())) {
            return scan.find(
                    limit,
                    (ranges, sink) -> read(reader, topic, ranges, filter, sink, scanned),
                    () -> System.nanoTime() > deadline);
        }
    }

    private static Map<Integer, Long> read(
            RecordReader reader,
            String topic,
            Map<Integer, OffsetRange> ranges,
            RecordFilter filter,
            Consumer<ShownRecord> sink,
            long[] scanned)
            throws IOException {
        Map<TopicPartition, OffsetRange> wanted = new HashMap<>();
        ranges.forEach((partition, range) -> wanted.put(new TopicPartition(topic, partition), range));
        Map<TopicPartition, Long> reached = reader.read(wanted, record -> {
            scanned[0]++;
            if (filter.takes(record)) {
                sink.accept(ShownRecord.of(record, ShownRecord.BEGINNING));
            }
        });
        return reached.entrySet().stream()
                .collect(Collectors.toMap(each -> each.getKey().partition(), Map.Entry::getValue));
    }

    private Map<Integer, OffsetRange> whole(List<TopicPartition> partitions, boolean committedOnly)
            throws InterruptedException {
        Map<TopicPartition, Long> starts = Offsets.of(clients.admin(), partitions, OffsetSpec.earliest());
        Map<TopicPartition, OffsetSpec> last =
                partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        Map<Integer, OffsetRange> whole = new TreeMap<>();
        Offsets.of(clients.admin(), last, committedOnly).forEach((partition, end) -> {
            Long start = starts.get(partition);
            if (start != null) {
                whole.put(partition.partition(), new OffsetRange(start, end));
            }
        });
        return whole;
    }

    /**
     * Where to begin in each partition: where the cursor says, else where the query does. The cursor's position of a
     * partition that does not answer now is kept, so that a later part goes on there.
     */
    private Map<Integer, Long> positions(HttpQuery query, Topic topic, Map<Integer, OffsetRange> whole)
            throws InterruptedException {
        Map<Integer, Long> positions =
                new TreeMap<>(query.text("cursor").map(Cursor::parsed).orElse(Map.of()));
        Map<Integer, OffsetRange> others = new TreeMap<>(whole);
        others.keySet().removeAll(positions.keySet());
        positions.putAll(begin(query, topic.name(), others));
        return positions;
    }

    /** Where the query begins in each partition of {@code whole}, without those that do not answer. */
    private Map<Integer, Long> begin(HttpQuery query, String topic, Map<Integer, OffsetRange> whole)
            throws InterruptedException {
        Map<Integer, Long> positions = new HashMap<>();
        switch (query.text("from").orElse("newest")) {
            case "newest" -> whole.forEach((partition, range) -> positions.put(partition, range.to()));
            case "oldest" -> whole.forEach((partition, range) -> positions.put(partition, range.from()));
            case "offset" -> {
                long at = query.number("at", 0, 0, Long.MAX_VALUE);
                whole.keySet().forEach(partition -> positions.put(partition, at));
            }
            case "time" -> {
                OffsetSpec at = OffsetSpec.forTimestamp(query.number("at", 0, 0, Long.MAX_VALUE));
                // A partition without a record of that time or later has the offset -1: nothing of it is wanted.
                List<TopicPartition> partitions = whole.keySet().stream()
                        .map(partition -> new TopicPartition(topic, partition))
                        .toList();
                Offsets.of(clients.admin(), partitions, at)
                        .forEach((partition, offset) ->
                                positions.put(partition.partition(), offset < 0 ? Long.MAX_VALUE / 2 : offset));
            }
            default -> throw RefusedException.wrong("from is not one of newest, oldest, offset, time");
        }
        return positions;
    }
}
