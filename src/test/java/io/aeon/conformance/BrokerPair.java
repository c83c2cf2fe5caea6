package io.aeon.conformance;

import io.aeon.e2e.WireClient;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** Apache Kafka and Aeon, each as one node, with the same settings. */
final class BrokerPair implements AutoCloseable {
    private final KafkaProcess kafka;
    private final Aeon aeon;
    private final CommonVersions versions;

    private BrokerPair(KafkaProcess kafka, Aeon aeon) {
        this.kafka = kafka;
        this.aeon = aeon;
        this.versions = CommonVersions.of(kafka.port(), aeon.port());
    }

    /**
     * Starts both.
     *
     * @param jars the directory with Kafka's jars
     * @param directory an empty one, for the data of both
     * @param settings by Kafka's names
     * @param dataDirectories how many data directories each of them has
     */
    static BrokerPair start(Path jars, Path directory, Map<String, Integer> settings, int dataDirectories)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("log.dirs=" + directories(directory, "kafka", dataDirectories).collect(Collectors.joining(",")));
        List<String> own = directories(directory, "aeon", dataDirectories).toList();
        AeonBuilder builder = Aeon.builder().dataDirectory(Path.of(own.get(0)));
        if (dataDirectories > 1) {
            builder.set("aeon.further-data-dirs", String.join(",", own.subList(1, own.size())));
        }
        settings.forEach((key, value) -> {
            lines.add(key + "=" + value);
            builder.set("aeon.kafka." + key, value);
        });
        BrokerPair pair = new BrokerPair(KafkaProcess.start(jars, directory, lines), builder.start());
        prepare(pair.kafkaPort());
        prepare(pair.aeonPort());
        return pair;
    }

    private static Stream<String> directories(Path directory, String name, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> directory.resolve(name + "-" + i).toString());
    }

    /** Both brokers create the topics of their coordinators at the first use; the comparison begins after that. */
    private static void prepare(int port) {
        try (WireClient client = new WireClient("127.0.0.1", port, Stage.PATIENCE_MS)) {
            new MetadataBarrier(client).create();
            for (byte type = 0; type <= 1; type++) {
                FindCoordinatorRequestData request =
                        new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of("anybody"));
                Awaitility.await()
                        .until(() ->
                                client.call(ApiKeys.FIND_COORDINATOR, 4, request, FindCoordinatorResponseData.class)
                                                .coordinators()
                                                .get(0)
                                                .errorCode()
                                        == Errors.NONE.code());
            }
            InitProducerIdRequestData producer =
                    new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1);
            Awaitility.await()
                    .until(() -> client.call(ApiKeys.INIT_PRODUCER_ID, 4, producer, InitProducerIdResponseData.class)
                                    .errorCode()
                            == Errors.NONE.code());
        }
    }

    CommonVersions versions() {
        return versions;
    }

    int kafkaPort() {
        return kafka.port();
    }

    int aeonPort() {
        return aeon.port();
    }

    @Override
    public void close() {
        aeon.close();
        kafka.close();
    }
}
