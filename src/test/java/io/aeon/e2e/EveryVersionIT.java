package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.aeon.embedded.Aeon;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every advertised version of every API works: it gets a valid request over one connection. The reply must be of that
 * version to the last byte, have no error, and be correct where that is easy to check.
 */
class EveryVersionIT {
    private static Aeon broker;
    private static Conversation client;

    @BeforeAll
    static void start() {
        broker = Aeon.builder()
                .set("aeon.kafka.group.initial.rebalance.delay.ms", 0)
                .set("aeon.kafka.offsets.topic.num.partitions", 1)
                .set("aeon.kafka.transaction.state.log.num.partitions", 1)
                .start();
        ReadyCoordinators.ofGroups(broker);
        ReadyCoordinators.ofTransactions(broker);
        client = new Conversation(new WireClient("127.0.0.1", broker.port()));
    }

    @AfterAll
    static void stop() {
        client.close();
        broker.close();
    }

    @TestFactory
    List<DynamicTest> everyAnnouncedVersionIsAnswered() {
        TopicRequests topics = new TopicRequests(client);
        List<DynamicTest> tests = new ArrayList<>();
        plain(topics)
                .forEach((api, ask) -> client.versions(api)
                        .forEach(version ->
                                tests.add(dynamicTest(api.name + " v" + version, () -> ask.accept(version)))));
        Uuid committed = topics.create("committed", 2);
        IntStream.range(0, GroupScript.LEVELS)
                .forEach(level -> tests.add(dynamicTest(
                        "a group of level " + level,
                        () -> new GroupScript(client, level, "committed", committed).run())));
        IntStream.range(0, ConsumerScript.LEVELS)
                .forEach(level -> tests.add(dynamicTest(
                        "a consumer group of level " + level,
                        () -> new ConsumerScript(client, level, "committed", committed).run())));
        IntStream.range(0, TransactionScript.LEVELS)
                .forEach(level -> tests.add(dynamicTest("a transaction of level " + level, () -> {
                    String topic = "written-in-level-" + level;
                    new TransactionScript(client, level, topic, topics.create(topic, 1)).run();
                })));
        tests.add(dynamicTest(
                "nothing is announced that was not answered above",
                () -> assertThat(client.announced()).isSubsetOf(client.answered())));
        return tests;
    }

    private static Map<ApiKeys, IntConsumer> plain(TopicRequests topics) {
        Map<ApiKeys, IntConsumer> all = new EnumMap<>(ApiKeys.class);
        all.putAll(new RecordRequests(client, "records", topics.create("records", 1)).all());
        all.putAll(topics.all());
        topics.create("settings", 1);
        all.putAll(new ClusterRequests(client, "settings").all());
        all.putAll(new SecurityRequests(client).all());
        return all;
    }
}
