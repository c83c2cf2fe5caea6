package io.aeon.console;

import io.aeon.console.RecordReader.OffsetRange;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import io.aeon.metadata.ClusterImage.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** {@code /api/record}: one record, up to a megabyte of its value. */
final class OneRecord implements Resource {
    private final BrokerView broker;
    private final ClusterClients clients;

    OneRecord(BrokerView broker, ClusterClients clients) {
        this.broker = broker;
        this.clients = clients;
    }

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        Topic topic = TopicDetail.find(broker, query.required("topic"));
        query.required("partition");
        TopicPartition partition = RecordTopic.partitions(topic, query).get(0);
        long offset = query.number("offset", -1, 0, Long.MAX_VALUE - 1);
        Long start = Offsets.of(clients.admin(), List.of(partition), OffsetSpec.earliest())
                .get(partition);
        Long end = Offsets.of(clients.admin(), List.of(partition), OffsetSpec.latest())
                .get(partition);
        if (start == null || end == null) {
            throw new IOException(partition + " has not answered in time");
        }
        List<ShownRecord> found = new ArrayList<>();
        if (offset >= start && offset < end) {
            try (RecordReader reader = new RecordReader(clients, false)) {
                Map<TopicPartition, Long> reached = reader.read(
                        Map.of(partition, new OffsetRange(offset, offset + 1)),
                        record -> found.add(ShownRecord.of(record, ShownRecord.WHOLE)));
                if (reached.getOrDefault(partition, offset) <= offset) {
                    throw new IOException(partition + " has not answered in time");
                }
            }
        }
        if (found.isEmpty()) {
            throw new RefusedException(404, partition + " has no record at offset " + offset);
        }
        return Json.answer(found.get(0));
    }
}
