package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** POST {@code /api/records/send}: sends one record, and answers where it is when it is acknowledged by acks=all. */
final class RecordSender implements Resource {
    private final BrokerView broker;
    private final ClusterClients clients;

    RecordSender(BrokerView broker, ClusterClients clients) {
        this.broker = broker;
        this.clients = clients;
    }

    /**
     * A record.
     *
     * @param partition null for the one that the key, or the producer, chooses
     * @param key null for none
     * @param value null for a tombstone
     */
    record Sent(
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable Content key,
            @Nullable Content value,
            @Nullable List<SentHeader> headers) {}

    record SentHeader(String key, @Nullable Content value) {}

    /** Bytes, given as text or in base64. */
    record Content(@Nullable String text, @Nullable String base64) {
        byte[] bytes() {
            if (base64 == null) {
                return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            }
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw RefusedException.wrong("the bytes are not encoded in base64: " + e.getMessage());
            }
        }
    }

    record Acknowledged(int partition, long offset, long timestamp) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        Sent sent = Json.body(query, Sent.class);
        if (sent.topic() == null) {
            throw RefusedException.wrong("the name of the topic is missing");
        }
        TopicDetail.find(broker, sent.topic());
        if (BrokerView.isInternal(sent.topic())) {
            throw RefusedException.wrong(sent.topic() + " is written by the brokers alone");
        }
        ProducerRecord<byte[], byte[]> produced =
                new ProducerRecord<>(sent.topic(), sent.partition(), bytes(sent.key()), bytes(sent.value()));
        if (sent.headers() != null) {
            sent.headers().forEach(header -> produced.headers().add(header.key(), bytes(header.value())));
        }
        return Json.answer(send(produced));
    }

    private Acknowledged send(ProducerRecord<byte[], byte[]> produced) throws IOException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            RecordMetadata at = producer.send(produced).get();
            return new Acknowledged(at.partition(), at.offset(), at.timestamp());
        } catch (ExecutionException e) {
            throw Calls.refused(e.getCause() == null ? e : e.getCause());
        } catch (KafkaException | IllegalArgumentException e) {
            throw RefusedException.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static byte @Nullable [] bytes(@Nullable Content content) {
        return content == null ? null : content.bytes();
    }
}
