import io.aeon.test.AeonBroker;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a test pays for a broker of its own: start, a topic made by its first record, that record consumed. */
final class EmbeddedStart {
    private static final TopicPartition PARTITION = new TopicPartition("first", 0);

    private EmbeddedStart() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        double[] started = new double[rounds];
        double[] consumed = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long begun = System.nanoTime();
            try (AeonBroker broker = AeonBroker.builder().start()) {
                started[round] = millisSince(begun);
                consumed[round] = produceAndConsume(broker.bootstrapServers(), begun);
            }
            if (round == rounds / 2 || round == rounds - 1) {
                printRemains(round + 1);
            }
        }
        print("start", started);
        print("first record consumed", consumed);
    }

    /** Milliseconds until the record is there; closing the consumer waits for its next fetch, which finds nothing. */
    private static double produceAndConsume(String servers, long begunNanos) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(PARTITION.topic(), "one")).get();
        }
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            while (consumer.poll(Duration.ofSeconds(10)).isEmpty()) {
                continue;
            }
            return millisSince(begunNanos);
        }
    }

    private static double millisSince(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e6;
    }

    private static void printRemains(int rounds) {
        System.gc();
        System.out.printf(
                "after %d rounds: %.1f MiB of live heap, %d threads, %d classes%n",
                rounds,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }

    /** The first, cold, and the median of the later half. */
    private static void print(String what, double[] millis) {
        double[] warm = Arrays.copyOfRange(millis, millis.length / 2, millis.length);
        Arrays.sort(warm);
        System.out.printf("%-22s cold %7.1f ms, warm %7.1f ms%n", what, millis[0], warm[warm.length / 2]);
    }
}
