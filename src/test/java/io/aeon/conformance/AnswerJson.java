package io.aeon.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** The JSON of an answer, by Kafka's own generated converters. Records are added to it as text. */
final class AnswerJson {
    private AnswerJson() {}

    static JsonNode of(ApiMessage answer, short version) {
        try {
            Class<?> converter = Class.forName(answer.getClass().getName() + "JsonConverter");
            Method write = Arrays.stream(converter.getMethods())
                    .filter(method -> method.getName().equals("write"))
                    .max((one, other) -> Integer.compare(one.getParameterCount(), other.getParameterCount()))
                    .orElseThrow();
            JsonNode json = (JsonNode)
                    (write.getParameterCount() == 2
                            ? write.invoke(null, answer, version)
                            : write.invoke(null, answer, version, false));
            if (answer instanceof FetchResponseData fetched) {
                addRecords(fetched, json);
            }
            return json;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void addRecords(FetchResponseData fetched, JsonNode json) {
        for (int topic = 0; topic < fetched.responses().size(); topic++) {
            List<PartitionData> partitions = fetched.responses().get(topic).partitions();
            for (int i = 0; i < partitions.size(); i++) {
                JsonNode partition =
                        json.path("responses").path(topic).path("partitions").path(i);
                if (partitions.get(i).records() instanceof MemoryRecords records) {
                    ArrayNode batches = ((ObjectNode) partition).putArray("batches");
                    records.batches().forEach(batch -> describe(batch, batches.addObject()));
                }
            }
        }
    }

    private static void describe(RecordBatch batch, ObjectNode into) {
        into.put("baseOffset", batch.baseOffset())
                .put("lastOffset", batch.lastOffset())
                .put("codec", batch.compressionType().name)
                .put("timestampType", batch.timestampType().name)
                .put("producerId", batch.producerId())
                .put("producerEpoch", batch.producerEpoch())
                .put("baseSequence", batch.baseSequence())
                .put("partitionLeaderEpoch", batch.partitionLeaderEpoch())
                .put("transactional", batch.isTransactional())
                .put("control", batch.isControlBatch());
        ArrayNode records = into.putArray("records");
        for (Record record : batch) {
            String time = batch.isControlBatch() ? "" : "@" + record.timestamp();
            records.add(record.offset() + time + " " + text(record.key()) + "=" + text(record.value()));
        }
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
