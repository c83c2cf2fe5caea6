package io.aeon.conformance;

import java.util.List;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The settings of topics, of the broker and of groups are described and changed, with right and with wrong values. */
final class SettingsScript implements Script {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final int level;
    private final String topic;
    private Stage stage;
    private Line line;

    SettingsScript(int level) {
        this.level = level;
        this.topic = "settings-of-level-" + level;
    }

    @Override
    public String name() {
        return topic;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        on.create(topic, 1);
        describeAll();
        topicSettings();
        alterTopic();
        otherResources();
        brokerSettings();
        createWith("retention.ms", "-2");
        createWith("cleanup.policy", "none");
        createWith("no.such.setting", "1");
        createWith("retention.ms", null);
        createWith("compression.type", "zip");
    }

    private void describeAll() {
        describe("all of a topic", ConfigResource.Type.TOPIC, topic, null);
        describe("all of the broker", ConfigResource.Type.BROKER, "1", null);
        describe("all of the cluster", ConfigResource.Type.BROKER, "", null);
        describe("all of a group", ConfigResource.Type.GROUP, topic, null);
        describe("all of client metrics", ConfigResource.Type.CLIENT_METRICS, topic, null);
        describe("the loggers", ConfigResource.Type.BROKER_LOGGER, "1", List.of("kafka.none"));
        describe("of another broker", ConfigResource.Type.BROKER, "7", null);
        describe("of a broker that is no number", ConfigResource.Type.BROKER, "one", null);
        describe("of an unknown topic", ConfigResource.Type.TOPIC, "nowhere", null);
        describe("of no setting", ConfigResource.Type.TOPIC, topic, List.of());
        describe("of an unknown setting", ConfigResource.Type.TOPIC, topic, List.of("no.such.setting"));
        describe("of two settings", ConfigResource.Type.TOPIC, topic, List.of("retention.ms", "cleanup.policy"));
    }

    private void topicSettings() {
        change("sets a number", SET, "retention.ms", "7200000");
        change("sets a number below its bound", SET, "retention.ms", "-2");
        change("sets a number that is none", SET, "retention.ms", "soon");
        change("sets a number that is too large", SET, "segment.bytes", "2147483648");
        change("sets a number that is too small", SET, "segment.bytes", "1");
        change("sets null", SET, "retention.ms", null);
        change("sets an empty value", SET, "retention.ms", "");
        change("sets an unknown setting", SET, "no.such.setting", "1");
        change("sets the setting of a broker", SET, "log.retention.ms", "1");
        change("sets without a name", SET, "", "1");
        change("sets a policy", SET, "cleanup.policy", "compact");
        change("appends to a policy", APPEND, "cleanup.policy", "delete");
        change("appends what is there", APPEND, "cleanup.policy", "delete");
        change("subtracts from a policy", SUBTRACT, "cleanup.policy", "compact");
        change("subtracts what is not there", SUBTRACT, "cleanup.policy", "compact");
        change("appends a wrong value", APPEND, "cleanup.policy", "none");
        change("appends to a number", APPEND, "retention.ms", "1");
        change("subtracts from a number", SUBTRACT, "retention.ms", "1");
        change("sets a codec", SET, "compression.type", "zstd");
        change("sets an unknown codec", SET, "compression.type", "zip");
        change("sets a boolean", SET, "unclean.leader.election.enable", "true");
        change("sets a boolean that is none", SET, "preallocate", "maybe");
        change("sets an interval", SET, "min.compaction.lag.ms", "9");
        change("sets an interval above another", SET, "max.compaction.lag.ms", "5");
        change("sets the local retention above the retention", SET, "local.retention.ms", "99999999999");
        change("enables tiered storage", SET, "remote.storage.enable", "true");
        change("sets replicas to throttle", SET, "leader.replication.throttled.replicas", "0:1");
        change("sets wrong replicas to throttle", SET, "leader.replication.throttled.replicas", "a");
        change("deletes", DELETE, "retention.ms", null);
        change("deletes what is not set", DELETE, "retention.ms", null);
        change("deletes an unknown setting", DELETE, "no.such.setting", null);
        change("does an unknown operation", (byte) 9, "retention.ms", "1");
        describe("what was changed", ConfigResource.Type.TOPIC, topic, null);
    }

    private void alterTopic() {
        alter("one", "retention.ms", "5000000");
        describe("what is left", ConfigResource.Type.TOPIC, topic, null);
        alter("a wrong value", "retention.ms", "soon");
        alter("null", "retention.ms", null);
        alter("an unknown setting", "no.such.setting", "1");
    }

    private void otherResources() {
        change("a topic that does not exist", ConfigResource.Type.TOPIC, "nowhere", SET, "retention.ms", "1");
        change("a topic without a name", ConfigResource.Type.TOPIC, "", SET, "retention.ms", "1");
        change("another broker", ConfigResource.Type.BROKER, "7", SET, "log.index.interval.bytes", "1");
        change("a broker that is no number", ConfigResource.Type.BROKER, "one", SET, "log.index.interval.bytes", "1");
        change("a read-only setting", ConfigResource.Type.BROKER, "1", SET, "node.id", "2");
        change("a setting of all brokers", ConfigResource.Type.BROKER, "", SET, "log.index.interval.bytes", "4097");
        change(
                "a wrong setting of all brokers",
                ConfigResource.Type.BROKER,
                "",
                SET,
                "log.index.interval.bytes",
                "soon");
        change("a setting of the broker", ConfigResource.Type.BROKER, "1", SET, "log.segment.bytes", "1073741825");
        stage.settle();
        describe(
                "changed settings of the broker",
                ConfigResource.Type.BROKER,
                "1",
                List.of("log.index.interval.bytes", "log.segment.bytes"));
        describe("settings that topics inherit", ConfigResource.Type.TOPIC, topic, List.of("segment.bytes"));
        change("no setting of all brokers", ConfigResource.Type.BROKER, "", DELETE, "log.index.interval.bytes", null);
        change("no setting of the broker", ConfigResource.Type.BROKER, "1", DELETE, "log.segment.bytes", null);
        change("a group", ConfigResource.Type.GROUP, topic, SET, "consumer.session.timeout.ms", "50000");
        change("a group below a bound", ConfigResource.Type.GROUP, topic, SET, "consumer.session.timeout.ms", "1");
        change("an unknown setting of a group", ConfigResource.Type.GROUP, topic, SET, "no.such.setting", "1");
        change("a group without a name", ConfigResource.Type.GROUP, "", SET, "consumer.session.timeout.ms", "50000");
        change("client metrics", ConfigResource.Type.CLIENT_METRICS, topic, SET, "interval.ms", "60000");
        change("wrong client metrics", ConfigResource.Type.CLIENT_METRICS, topic, SET, "interval.ms", "1");
        change("an unknown setting of client metrics", ConfigResource.Type.CLIENT_METRICS, topic, SET, "color", "1");
        change("the clients of client metrics", ConfigResource.Type.CLIENT_METRICS, topic, SET, "match", "client_id=x");
        change("wrong clients of client metrics", ConfigResource.Type.CLIENT_METRICS, topic, SET, "match", "color=x");
        change("client metrics by a list", ConfigResource.Type.CLIENT_METRICS, topic, APPEND, "metrics", "a.");
        change("client metrics without a name", ConfigResource.Type.CLIENT_METRICS, "", SET, "interval.ms", "60000");
        describe("client metrics that were changed", ConfigResource.Type.CLIENT_METRICS, topic, null);
        describe("a group that was changed", ConfigResource.Type.GROUP, topic, null);
        line.ask(
                "resources with settings",
                level,
                new ListConfigResourcesRequestData(),
                ListConfigResourcesResponseData.class,
                answer -> answer.configResources()
                        .removeIf(each -> !each.resourceName().equals(topic)));
        change("no clients of client metrics", ConfigResource.Type.CLIENT_METRICS, topic, DELETE, "match", null);
        change("no client metrics", ConfigResource.Type.CLIENT_METRICS, topic, DELETE, "interval.ms", null);
    }

    private void brokerSettings() {
        changeBroker("the threads of the cleaner", "1", SET, "log.cleaner.threads", "2");
        changeBroker("too many threads of the cleaner", "1", SET, "log.cleaner.threads", "5");
        changeBroker("the threads of the cleaner to a text", "1", SET, "log.cleaner.threads", "many");
        changeBroker("too little memory of the cleaner", "", SET, "log.cleaner.dedupe.buffer.size", "1000");
        changeBroker("the load factor of the cleaner", "", SET, "log.cleaner.io.buffer.load.factor", "0.8");
        changeBroker("the backoff of the cleaner", "", SET, "log.cleaner.backoff.ms", "14000");
        changeBroker("too many threads", "1", SET, "num.io.threads", "17");
        changeBroker("too few threads of the network", "1", SET, "num.network.threads", "0");
        changeBroker("the most connections", "1", SET, "max.connections", "5000");
        changeBroker("the most connections below their bound", "1", SET, "max.connections", "-1");
        changeBroker("the connections of an address", "", SET, "max.connections.per.ip", "4000");
        changeBroker("no connections of an address", "", SET, "max.connections.per.ip", "0");
        changeBroker("the connections of one address", "1", SET, "max.connections.per.ip.overrides", "127.0.0.3:5");
        changeBroker("the age of producers", "", SET, "producer.id.expiration.ms", "86400001");
        changeBroker("no age of producers", "", SET, "producer.id.expiration.ms", "0");
        changeBroker("the assignment interval", "", SET, "group.consumer.assignment.interval.ms", "1001");
        changeBroker("too long an assignment interval", "", SET, "group.consumer.assignment.interval.ms", "15001");
        describe(
                "settings that the broker counts by",
                ConfigResource.Type.BROKER,
                "1",
                List.of(
                        "log.cleaner.threads",
                        "log.cleaner.backoff.ms",
                        "max.connections",
                        "max.connections.per.ip",
                        "producer.id.expiration.ms",
                        "group.consumer.assignment.interval.ms"));
        List.of("log.cleaner.threads", "max.connections", "max.connections.per.ip.overrides")
                .forEach(name -> changeBroker("no " + name, "1", DELETE, name, null));
        List.of(
                        "log.cleaner.io.buffer.load.factor",
                        "log.cleaner.backoff.ms",
                        "max.connections.per.ip",
                        "producer.id.expiration.ms",
                        "group.consumer.assignment.interval.ms")
                .forEach(name -> changeBroker("no " + name, "", DELETE, name, null));
        negativeRetention();
    }

    private void negativeRetention() {
        changeBroker("a negative retention", "1", SET, "log.retention.ms", "-5");
        stage.settle();
        describe("the retention that topics inherit", ConfigResource.Type.TOPIC, topic, List.of("retention.ms"));
        changeBroker("no retention", "1", DELETE, "log.retention.ms", null);
    }

    private void changeBroker(String what, String broker, byte operation, String key, String value) {
        change(what, ConfigResource.Type.BROKER, broker, operation, key, value);
    }

    private void describe(String what, ConfigResource.Type type, String resource, List<String> keys) {
        int version = stage.version(ApiKeys.DESCRIBE_CONFIGS, level);
        line.ask(
                "describe " + what,
                level,
                new DescribeConfigsRequestData()
                        .setIncludeSynonyms(true)
                        .setIncludeDocumentation(version >= 3)
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType(type.id())
                                .setResourceName(resource)
                                .setConfigurationKeys(keys))),
                DescribeConfigsResponseData.class);
    }

    private void change(String what, byte operation, String key, String value) {
        change(what, ConfigResource.Type.TOPIC, topic, operation, key, value);
    }

    private void change(
            String what, ConfigResource.Type type, String resource, byte operation, String key, String value) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        AlterConfigsResource changed =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(resource);
        changed.configs()
                .add(new AlterableConfig()
                        .setName(key)
                        .setConfigOperation(operation)
                        .setValue(value));
        request.resources().add(changed);
        line.ask("change " + what, level, request, IncrementalAlterConfigsResponseData.class);
        stage.settle();
    }

    private void alter(String what, String key, String value) {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource changed = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName(topic);
        changed.configs()
                .add(new AlterConfigsRequestData.AlterableConfig().setName(key).setValue(value));
        request.resources().add(changed);
        line.ask("alter " + what, level, request, AlterConfigsResponseData.class);
        stage.settle();
    }

    private void createWith(String key, String value) {
        CreatableTopic wanted = new CreatableTopic()
                .setName(topic + "-with-" + key)
                .setNumPartitions(1)
                .setReplicationFactor((short) 1);
        wanted.configs().add(new CreatableTopicConfig().setName(key).setValue(value));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(wanted);
        line.ask("create a topic with " + key + "=" + value, level, request, CreateTopicsResponseData.class);
        stage.settle();
    }
}
