package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state that the broker keeps for a producer, and for how long. */
class IdempotenceIT {
    private static final TopicPartition PARTITION = new TopicPartition("once", 0);
    private static final short VERSION = 12;

    @Test
    void aRepeatedBatchIsAnsweredWithItsOffsetInTheLog() throws IOException {
        try (Aeon broker = Aeon.builder().start()) {
            Clients clients = new Clients(broker);
            clients.create("once", 1, Map.of());
            clients.send("once", List.of("somebody else's"), Map.of());
            try (Socket socket = connect(broker)) {
                assertThat(produce(socket, 0, "a")).isEqualTo(new Answer(Errors.NONE, 1));
                assertThat(produce(socket, 1, "b")).isEqualTo(new Answer(Errors.NONE, 2));
                assertThat(produce(socket, 0, "a")).isEqualTo(new Answer(Errors.NONE, 1));
                assertThat(produce(socket, 3, "d").error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
            assertThat(Clients.values(clients.read("once", 1, 2))).containsExactly("a", "b");
        }
    }

    @Test
    void aProducerContinuesAfterARestartAndAfterTheDeletionOfItsRecords(@TempDir Path dir) throws Exception {
        int port = RestartPorts.next();
        Aeon broker = start(dir, port);
        Clients clients = new Clients(broker);
        clients.create("once", 1, Map.of());
        try (Producer<String, String> producer = clients.producer(Map.of("enable.idempotence", true))) {
            send(producer, "before");
            broker.close();
            broker = start(dir, port);
            send(producer, "after");
            try (Admin admin = clients.admin()) {
                done(admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(-1)))
                        .all());
                send(producer, "more");
                ProducerState state = done(admin.describeProducers(List.of(PARTITION))
                                .partitionResult(PARTITION))
                        .activeProducers()
                        .get(0);
                assertThat(state.lastSequence()).isEqualTo(2);
                assertThat(state.producerEpoch()).isZero();
            }
            assertThat(Clients.values(clients.read("once", 2, 1))).containsExactly("more");
        } finally {
            broker.close();
        }
    }

    private static Aeon start(Path dir, int port) {
        return Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.listeners.client.port", port)
                .start();
    }

    private static void send(Producer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>("once", 0, null, value)).get(Clients.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private record Answer(Errors error, long baseOffset) {}

    private static Answer produce(Socket socket, int sequence, String value) throws IOException {
        MemoryRecords records = MemoryRecords.withIdempotentRecords(
                Compression.NONE,
                4_000_000L,
                (short) 0,
                sequence,
                new SimpleRecord(value.getBytes(StandardCharsets.UTF_8)));
        ProduceRequestData request = new ProduceRequestData()
                .setAcks((short) -1)
                .setTimeoutMs(60_000)
                .setTopicData(new TopicProduceDataCollection(List.of(new TopicProduceData()
                                .setName("once")
                                .setPartitionData(List.of(
                                        new PartitionProduceData().setIndex(0).setRecords(records))))
                        .iterator()));
        RequestHeaderData header =
                new RequestHeaderData().setRequestApiKey((short) 0).setRequestApiVersion(VERSION);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, (short) 2).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, VERSION).buffer();
        int size = head.remaining() + body.remaining();
        socket.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + size)
                        .putInt(size)
                        .put(head)
                        .put(body)
                        .array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] reply = new byte[in.readInt()];
        in.readFully(reply);
        ByteBuffer answer = ByteBuffer.wrap(reply).position(Integer.BYTES + 1);
        var partition = new ProduceResponseData(new ByteBufferAccessor(answer), VERSION)
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0);
        return new Answer(Errors.forCode(partition.errorCode()), partition.baseOffset());
    }

    private static Socket connect(Aeon broker) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
        socket.setSoTimeout((int) Clients.PATIENCE.toMillis());
        return socket;
    }
}
