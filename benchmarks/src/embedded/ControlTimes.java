import io.aeon.control.BrokerControl;
import io.aeon.control.InjectedFault;
import io.aeon.test.AeonBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What a test waits for when it lets something go wrong. */
final class ControlTimes {
    private static final String TOPIC = "orders";
    private static final String GROUP = "shop";
    private static final int PARTITIONS = 3;

    private final Map<String, List<Double>> millis = new LinkedHashMap<>();
    private final AeonBroker broker;
    private final BrokerControl control;

    private interface Call {
        void run() throws Exception;
    }

    private ControlTimes(AeonBroker broker) {
        this.broker = broker;
        this.control = broker.control();
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        try (AeonBroker broker = AeonBroker.builder()
                .set("aeon.kafka.log.cleanup.policy", "compact,delete")
                .topic(TOPIC, PARTITIONS)
                .start()) {
            ControlTimes times = new ControlTimes(broker);
            for (int round = 0; round < rounds; round++) {
                times.round();
            }
            times.print();
        }
    }

    private void round() throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
                var consumer = consumer()) {
            send(producer);
            consumer.subscribe(List.of(TOPIC));
            while (consumer.assignment().isEmpty()) {
                consumer.poll(Duration.ofMillis(50));
            }
            faults();
            time("clock().advance", () -> control.clock().advance(Duration.ofSeconds(1)));
            time("clock().freeze", () -> control.clock().freeze());
            time("clock().unfreeze", () -> control.clock().unfreeze());
            time("applyRetention", control::applyRetention);
            time("compact", () -> control.compact(TOPIC));
            time("expireProducers", control::expireProducers);
            time("rebalance", () -> control.rebalance(GROUP));
            time("renewLeaderEpochs", control::renewLeaderEpochs);
            send(producer);
            time("kill", control::kill);
            time("restart after kill", control::restart);
            send(producer);
            time("cutPower", control::cutPower);
            time("restart after cutPower", control::restart);
            send(producer);
        }
    }

    private void faults() throws Exception {
        fault("requests().fail", () -> control.requests("Produce").topic(TOPIC).times(1).fail("NOT_LEADER_OR_FOLLOWER"));
        fault("requests().hold", () -> control.requests("Fetch").topic(TOPIC).hold());
        fault("disk().full", () -> control.disk().full());
        fault("disk(partition).slow", () -> control.disk(TOPIC, 0).slow(Duration.ofMillis(1)));
        fault("disk(partition).fail", () -> control.disk(TOPIC, 1).fail());
    }

    private interface Begin {
        InjectedFault begin() throws Exception;
    }

    private void fault(String name, Begin begin) throws Exception {
        InjectedFault[] fault = new InjectedFault[1];
        time(name, () -> fault[0] = begin.begin());
        time(name + ", close", () -> fault[0].close());
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", GROUP),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static void send(KafkaProducer<String, String> producer) throws Exception {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            producer.send(new ProducerRecord<>(TOPIC, partition, "key", "value")).get();
        }
    }

    private void time(String name, Call call) throws Exception {
        long begun = System.nanoTime();
        call.run();
        double took = (System.nanoTime() - begun) / 1e6;
        millis.computeIfAbsent(name, none -> new ArrayList<>()).add(took);
    }

    private void print() {
        System.out.printf("%-28s %10s %10s %10s%n", "milliseconds", "first", "median", "most");
        millis.forEach((name, all) -> {
            List<Double> later = new ArrayList<>(all.subList(Math.min(1, all.size() - 1), all.size()));
            Collections.sort(later);
            System.out.printf(
                    "%-28s %10.1f %10.1f %10.1f%n",
                    name, all.get(0), later.get(later.size() / 2), later.get(later.size() - 1));
        });
    }
}
