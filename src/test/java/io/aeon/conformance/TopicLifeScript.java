package io.aeon.conformance;

import io.aeon.e2e.RequestFiller;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** A topic is created, written, enlarged, deleted and created again. */
final class TopicLifeScript implements Script {
    private final int level;
    private final String topic;
    private Stage stage;
    private Line line;

    TopicLifeScript(int level) {
        this.level = level;
        this.topic = "life-of-level-" + level;
    }

    @Override
    public String name() {
        return topic;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        metadataOfNone("before the topic exists", byName());
        create("a new topic");
        Uuid first = id();
        create("a topic that exists");
        metadata("of a topic by name", byName());
        metadata("of a topic by id", byId(first));
        page("the first two partitions", 2, null);
        page("the rest", 2, 2);
        elect("of a leader that leads");
        produce("the first record", first);
        enlarge("by one", 4, null);
        metadata("after it grew", byName());
        enlarge("to fewer", 2, null);
        enlarge("to as many", 4, null);
        enlarge("to a broker that does not exist", 5, List.of(7));
        enlarge("to two replicas", 5, List.of(1, 1));
        delete("a topic by name", new DeleteTopicState().setName(topic));
        metadataOfNone("of a deleted topic by name", byName());
        metadataOfNone("of a deleted topic by id", byId(first));
        produce("a record for a deleted topic", first);
        page("of a deleted topic", 2, null);
        delete("a topic that was deleted", new DeleteTopicState().setName(topic));
        delete(
                "a topic that was deleted, by id",
                new DeleteTopicState().setName(null).setTopicId(first));
        create("a topic again");
        Uuid second = id();
        metadata("of the new topic by name", byName());
        metadataOfNone("of the new topic by the old id", byId(first));
        produce("a record by the old id", first);
        produce("a record for the new topic", second);
        delete("the new topic by id", new DeleteTopicState().setName(null).setTopicId(second));
    }

    private void create(String what) {
        CreatableTopic wanted =
                new CreatableTopic().setName(topic).setNumPartitions(3).setReplicationFactor((short) 1);
        wanted.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("3600000"));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(wanted);
        line.ask("create " + what, level, request, CreateTopicsResponseData.class);
        stage.settle();
    }

    private Uuid id() {
        return line.quietly(
                        12,
                        new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(topic))),
                        MetadataResponseData.class)
                .topics()
                .iterator()
                .next()
                .topicId();
    }

    private MetadataRequestTopic byName() {
        return new MetadataRequestTopic().setName(topic);
    }

    private static MetadataRequestTopic byId(Uuid id) {
        return new MetadataRequestTopic().setName(null).setTopicId(id);
    }

    private void metadata(String what, MetadataRequestTopic asked) {
        int version = stage.version(ApiKeys.METADATA, level);
        MetadataRequestData request =
                new MetadataRequestData().setTopics(List.of(asked)).setAllowAutoTopicCreation(version < 4);
        if (RequestFiller.canBeSent(request, (short) version)) {
            line.ask("metadata " + what, level, request, MetadataResponseData.class);
        }
    }

    /** Before version 4 the request would create the topic. */
    private void metadataOfNone(String what, MetadataRequestTopic asked) {
        if (stage.version(ApiKeys.METADATA, level) >= 4) {
            metadata(what, asked);
        }
    }

    private void page(String what, int limit, Integer from) {
        line.ask(
                "partitions, " + what,
                level,
                new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new DescribeTopicPartitionsRequestData.TopicRequest().setName(topic)))
                        .setResponsePartitionLimit(limit)
                        .setCursor(
                                from == null
                                        ? null
                                        : new DescribeTopicPartitionsRequestData.Cursor()
                                                .setTopicName(topic)
                                                .setPartitionIndex(from)),
                DescribeTopicPartitionsResponseData.class);
    }

    private void elect(String what) {
        ElectLeadersRequestData request = new ElectLeadersRequestData();
        request.topicPartitions()
                .add(new ElectLeadersRequestData.TopicPartitions()
                        .setTopic(topic)
                        .setPartitions(List.of(0, 1, 9)));
        line.ask("election " + what, level, request, ElectLeadersResponseData.class);
    }

    private void produce(String what, Uuid id) {
        int version = stage.version(ApiKeys.PRODUCE, level);
        line.ask(
                "produce " + what,
                level,
                Records.produce(version, topic, id, PlainValues.records()),
                ProduceResponseData.class);
    }

    private void enlarge(String what, int count, List<Integer> brokers) {
        CreatePartitionsTopic wanted = new CreatePartitionsTopic()
                .setName(topic)
                .setCount(count)
                .setAssignments(
                        brokers == null
                                ? null
                                : List.of(new CreatePartitionsRequestData.CreatePartitionsAssignment()
                                        .setBrokerIds(brokers)));
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(30_000);
        request.topics().add(wanted);
        line.ask("enlarge " + what, level, request, CreatePartitionsResponseData.class);
        stage.settle();
    }

    private void delete(String what, DeleteTopicState state) {
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(30_000);
        if (stage.version(ApiKeys.DELETE_TOPICS, level) >= 6) {
            request.setTopics(List.of(state));
        } else {
            request.setTopicNames(List.of(topic));
        }
        line.ask("delete " + what, level, request, DeleteTopicsResponseData.class);
        stage.settle();
    }
}
