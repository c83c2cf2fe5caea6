package io.aeon.console;

import io.aeon.console.http.EventStreams;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Resource;
import io.aeon.metadata.ClusterImage.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code /api/tail}: records as they are appended, or from {@code cursor} on, as a stream of events, a few a second. Of
 * a topic that grows faster than a person reads some are left out, and each event says how many.
 */
final class RecordTail implements Resource {
    /** A person reads no faster, and a browser draws the table anew for each event. */
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(400);

    private static final Duration END = Duration.ofSeconds(1);
    private static final int MOST_AN_EVENT = 50;

    private final BrokerView broker;
    private final ClusterClients clients;
    private final EventStreams streams;

    RecordTail(BrokerView broker, ClusterClients clients, EventStreams streams) {
        this.broker = broker;
        this.clients = clients;
        this.streams = streams;
    }

    /**
     * What was appended.
     *
     * @param skipped number of records that are not shown
     * @param cursor where another stream goes on
     */
    record TailPart(List<ShownRecord> records, int skipped, String cursor) {}

    @Override
    public HttpAnswer answer(HttpQuery query) {
        Topic topic = TopicDetail.find(broker, query.required("topic"));
        List<TopicPartition> partitions = RecordTopic.partitions(topic, query);
        RecordFilter filter = RecordFilter.of(query);
        Map<Integer, Long> cursor = query.text("cursor").map(Cursor::parsed).orElse(Map.of());
        boolean committedOnly = query.text("uncommitted").isEmpty();
        return streams.open(events -> {
            KafkaConsumer<byte[], byte[]> consumer = clients.consumer(committedOnly);
            try {
                begin(consumer, partitions, cursor);
                events.send("begun", "{}");
                while (events.goOn()) {
                    events.send("records", Json.line(next(consumer, filter)));
                }
            } catch (KafkaException e) {
                events.send("failed", Json.line(String.valueOf(e.getMessage())));
            } finally {
                consumer.close(CloseOptions.timeout(END));
            }
        });
    }

    /** A cursor beyond the end is that of a deleted topic of this name; it says nothing about this one. */
    private static void begin(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Map<Integer, Long> cursor) {
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        for (TopicPartition partition : partitions) {
            long end = consumer.position(partition);
            consumer.seek(partition, Math.min(end, cursor.getOrDefault(partition.partition(), end)));
        }
    }

    private static TailPart next(KafkaConsumer<byte[], byte[]> consumer, RecordFilter filter) throws IOException {
        List<ShownRecord> shown = new ArrayList<>();
        int skipped = 0;
        long end = System.nanoTime() + BETWEEN_EVENTS.toNanos();
        for (long left = BETWEEN_EVENTS.toNanos(); left > 0; left = end - System.nanoTime()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofNanos(left))) {
                if (filter.takes(record)) {
                    if (shown.size() < MOST_AN_EVENT) {
                        shown.add(ShownRecord.of(record, ShownRecord.BEGINNING));
                    } else {
                        skipped++;
                    }
                }
            }
        }
        Map<Integer, Long> positions = new HashMap<>();
        consumer.assignment().forEach(each -> positions.put(each.partition(), consumer.position(each)));
        return new TailPart(shown, skipped, Cursor.text(positions));
    }
}
