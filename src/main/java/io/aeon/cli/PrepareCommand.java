package io.aeon.cli;

import io.aeon.config.Version;
import io.aeon.embedded.Aeon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.commons.cli.ParseException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.LoggerFactory;

/**
 * A short run of a broker from which the JVM records its start archive: the classes that a broker loads to start and to
 * serve.
 */
final class PrepareCommand implements Subcommand {
    private static final String TOPIC = "prepare";
    private static final int RECORDS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String words() {
        return "prepare";
    }

    @Override
    public String summary() {
        return "Create the start archive for this JDK (lib/aeon-<jdk>.jsa or .aot) if it is missing, for a fast start.";
    }

    @Override
    public int run(Given given) throws Exception {
        readACommandLine();
        try (Aeon broker = Aeon.builder().set("aeon.console.port", 0).start()) {
            requireConsole(broker);
            produce(broker.bootstrapServers());
            consume(broker.bootstrapServers());
        }
        return Main.OK;
    }

    /** Runs the code that only {@code aeon start} uses and an embedded broker does not. */
    private static void readACommandLine() throws ParseException {
        Given given = Given.to(new StartCommand(), List.of("--port", "0", "-Daeon.log.flush=os"));
        LoggerFactory.getLogger(PrepareCommand.class)
                .debug("Aeon {}: {}, {} ms", Version.current(), StartCommand.settings(given), SinceLaunch.millis());
    }

    /** Waits until its classes are loaded. */
    private static void requireConsole(Aeon broker) {
        if (broker.console().isEmpty()) {
            throw new IllegalStateException("the console has not opened");
        }
    }

    private static void produce(String servers) throws Exception {
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(TOPIC, "value " + i)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private static void consume(String servers) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
                ConsumerConfig.GROUP_ID_CONFIG, TOPIC,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int seen = 0;
            while (seen < RECORDS && System.nanoTime() < deadline) {
                seen += consumer.poll(Duration.ofMillis(100)).count();
            }
            if (seen < RECORDS) {
                throw new IllegalStateException("only " + seen + " of " + RECORDS + " records came back");
            }
            consumer.commitSync();
        }
    }
}
