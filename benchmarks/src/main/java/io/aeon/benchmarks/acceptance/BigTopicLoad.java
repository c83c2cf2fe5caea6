package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records of 1 KiB whose number follows from their partition and offset, written and read as fast as it goes. */
record BigTopicLoad(String bootstrap, String topic, int partitions) {
    static final int RECORD_BYTES = 1024;

    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    /**
     * What a reader met on its way to the end.
     *
     * @param records how many it read
     * @param jumps how often the log began after the offset it wanted
     */
    record Read(long records, long jumps) {}

    /** Returns when every record is acknowledged. Both numbers are multiples of the partitions. */
    void write(long first, long count) throws Exception {
        byte[] filling = new byte[RECORD_BYTES];
        new Random(first).nextBytes(filling);
        AtomicReference<Exception> failure = new AtomicReference<>();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "batch.size", 65_536, "linger.ms", 5);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long number = first; number < first + count && failure.get() == null; number++) {
                byte[] value = filling.clone();
                ByteBuffer.wrap(value).putLong(number);
                producer.send(
                        new ProducerRecord<>(topic, (int) (number % partitions), null, value),
                        (metadata, exception) -> failure.compareAndSet(null, exception));
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** Reads from the earliest record to the one before {@code end}, with a pause after each poll. */
    Read read(long end, int pauseMillis) {
        List<TopicPartition> assigned = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        long[] next = new long[partitions];
        long records = 0;
        long jumps = 0;
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest", "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(assigned);
            assigned.forEach(partition -> consumer.seek(partition, 0));
            long heard = System.nanoTime();
            while (IntStream.range(0, partitions).anyMatch(partition -> next[partition] < end / partitions)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    heard = System.nanoTime();
                    check(record, next[record.partition()]);
                    jumps += record.offset() > next[record.partition()] ? 1 : 0;
                    next[record.partition()] = record.offset() + 1;
                    records++;
                }
                if (System.nanoTime() - heard > SILENCE_LIMIT.toNanos()) {
                    throw new IllegalStateException("nothing more to read after " + records + " records");
                }
                BrokerProcess.pause(pauseMillis);
            }
        }
        return new Read(records, jumps);
    }

    private void check(ConsumerRecord<byte[], byte[]> record, long next) {
        long number = ByteBuffer.wrap(record.value()).getLong();
        if (record.offset() < next || number != record.offset() * partitions + record.partition()) {
            throw new IllegalStateException("number " + number + " at " + record.partition() + "/" + record.offset());
        }
    }
}
