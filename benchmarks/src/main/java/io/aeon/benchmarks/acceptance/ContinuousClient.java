package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A producer and a consumer group of Kafka's library that go on whatever happens to the brokers. Arguments: bootstrap,
 * topic, partitions, records per second. A line on the standard input, "quiet" or "restarts", names what the brokers do
 * from then on; "end" ends the load. Then it prints what came of it, as {@link ClientReport} reads it.
 */
final class ContinuousClient {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int VALUE_CHARACTERS = 100;

    private final String bootstrap;
    private final String topic;
    private final int partitions;
    private final int rate;
    private final Map<String, Latencies> latencies =
            Map.of("begin", new Latencies(), "quiet", new Latencies(), "restarts", new Latencies());
    private final Set<Long> acknowledged = new HashSet<>();
    private final Map<Long, Long> offsets = new HashMap<>();
    private final Map<Integer, ConsumerRecord<String, String>> last = new HashMap<>();
    private int twice;
    private int disordered;
    private volatile String phase = "begin";
    private volatile boolean ended;
    private volatile boolean consumed;

    private ContinuousClient(String bootstrap, String topic, int partitions, int rate) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.partitions = partitions;
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        new ContinuousClient(args[0], args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3])).run();
    }

    private void run() throws InterruptedException {
        Thread producing = new Thread(this::produce, "produces");
        Thread consuming = new Thread(this::consume, "consumes");
        producing.start();
        consuming.start();
        Scanner commands = new Scanner(System.in);
        for (String line = "begin"; !line.equals("end"); line = commands.hasNextLine() ? commands.nextLine() : "end") {
            phase = line;
        }
        ended = true;
        producing.join();
        long begun = System.nanoTime();
        while (unread() > 0 && System.nanoTime() - begun < PATIENCE_NANOS) {
            BrokerProcess.pause(100);
        }
        consumed = true;
        consuming.join();
        report();
    }

    private void produce() {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            long begun = System.nanoTime();
            for (long number = 0; !ended; number++) {
                long due = begun + number * TimeUnit.SECONDS.toNanos(1) / rate;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    BrokerProcess.pause(TimeUnit.NANOSECONDS.toMillis(wait) + 1);
                }
                send(producer, number, due, latencies.get(phase));
            }
        }
    }

    private void send(KafkaProducer<String, String> producer, long number, long due, Latencies during) {
        String value = String.format("%-" + VALUE_CHARACTERS + "d", number);
        producer.send(new ProducerRecord<>(topic, (int) (number % partitions), null, value), (sent, failure) -> {
            if (failure != null) {
                error("record " + number + ": " + failure);
            } else {
                during.add(System.nanoTime() - due);
                acknowledged(number);
            }
        });
    }

    private synchronized void acknowledged(long number) {
        acknowledged.add(number);
    }

    private void consume() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "java-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (!consumed) {
                try {
                    consumer.poll(POLL).forEach(this::note);
                    consumer.commitSync();
                } catch (KafkaException e) {
                    error(e.toString());
                }
            }
        }
    }

    private synchronized void note(ConsumerRecord<String, String> found) {
        long number = Long.parseLong(found.value().strip());
        Long offset = offsets.putIfAbsent(number, found.offset());
        ConsumerRecord<String, String> before = last.get(found.partition());
        boolean isNew = before == null || found.offset() > before.offset();
        if (offset != null && offset != found.offset()) {
            twice++;
        } else if (isNew
                && before != null
                && number < Long.parseLong(before.value().strip())) {
            disordered++;
        }
        if (isNew) {
            last.put(found.partition(), found);
        }
    }

    private synchronized long unread() {
        return acknowledged.stream()
                .filter(number -> !offsets.containsKey(number))
                .count();
    }

    private static void error(String text) {
        System.out.println("error " + text.replace('\n', ' '));
    }

    private synchronized void report() {
        System.out.println("acknowledged " + acknowledged.size());
        System.out.println("unread " + unread());
        System.out.println("twice " + twice);
        System.out.println("disordered " + disordered);
        latencies.forEach((name, values) -> System.out.println(name + " " + values));
    }

    /** The times from when a record was due until it was acknowledged. Thread-safe. */
    private static final class Latencies {
        private final List<Long> nanos = new ArrayList<>();

        synchronized void add(long latency) {
            nanos.add(latency);
        }

        /** Median, p99 and the longest in milliseconds. */
        @Override
        public synchronized String toString() {
            List<Long> sorted = nanos.stream().sorted().toList();
            return at(sorted, 0.5) + " " + at(sorted, 0.99) + " " + at(sorted, 1);
        }

        private static String at(List<Long> sorted, double part) {
            int index = Math.min(sorted.size() - 1, (int) (part * sorted.size()));
            return String.format(Locale.ROOT, "%.1f", index < 0 ? 0 : sorted.get(index) / 1e6);
        }
    }
}
