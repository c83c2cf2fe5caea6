package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitionsCollection;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Valid requests of the APIs that create, change, describe and delete topics, with the expected replies. */
final class TopicRequests {
    private static final int TIMEOUT_MS = 30_000;

    private final Conversation broker;

    TopicRequests(Conversation broker) {
        this.broker = broker;
    }

    Map<ApiKeys, IntConsumer> all() {
        return Map.of(
                ApiKeys.CREATE_TOPICS, version -> create(version, "created-in-" + version, 1),
                ApiKeys.METADATA, this::metadata,
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS, this::describePartitions,
                ApiKeys.CREATE_PARTITIONS, this::createPartitions,
                ApiKeys.DELETE_TOPICS, this::delete,
                ApiKeys.ELECT_LEADERS, this::electLeaders,
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS, this::alterReassignments,
                ApiKeys.LIST_PARTITION_REASSIGNMENTS, this::listReassignments);
    }

    /** Creates a topic and returns its id. */
    Uuid create(String name, int partitions) {
        return create(broker.latest(ApiKeys.CREATE_TOPICS), name, partitions);
    }

    private Uuid create(int version, String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        CreateTopicsResponseData made =
                broker.well(ApiKeys.CREATE_TOPICS, version, CreateTopicsResponseData.class, exact -> request);
        return made.topics().find(name).topicId();
    }

    private void metadata(int version) {
        String name = "described-in-" + version;
        Uuid id = create(name, 2);
        MetadataResponseData described = metadata(version, name, id);
        assertThat(described.brokers())
                .singleElement()
                .satisfies(only -> assertThat(only.nodeId()).isEqualTo(1));
        MetadataResponseTopic topic = described.topics().iterator().next();
        assertThat(topic.name()).isEqualTo(name);
        assertThat(topic.partitions()).hasSize(2).allMatch(partition -> partition.leaderId() == 1);
    }

    private MetadataResponseData metadata(int version, String name, Uuid id) {
        return broker.well(
                ApiKeys.METADATA,
                version,
                MetadataResponseData.class,
                exact -> new MetadataRequestData()
                        .setTopics(List.of(
                                exact < 12
                                        ? new MetadataRequestTopic().setName(name)
                                        : new MetadataRequestTopic()
                                                .setName(null)
                                                .setTopicId(id))));
    }

    private void describePartitions(int version) {
        String name = "paged-in-" + version;
        create(name, 3);
        DescribeTopicPartitionsResponseData page = broker.well(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                version,
                DescribeTopicPartitionsResponseData.class,
                exact -> new DescribeTopicPartitionsRequestData()
                        .setResponsePartitionLimit(2)
                        .setTopics(List.of(new TopicRequest().setName(name))));
        assertThat(page.topics().find(name).partitions()).hasSize(2);
        assertThat(page.nextCursor().partitionIndex()).isEqualTo(2);
    }

    private void createPartitions(int version) {
        String name = "grown-in-" + version;
        Uuid id = create(name, 1);
        CreatePartitionsTopicCollection topics = new CreatePartitionsTopicCollection();
        topics.add(new CreatePartitionsTopic().setName(name).setCount(3).setAssignments(null));
        broker.well(
                ApiKeys.CREATE_PARTITIONS,
                version,
                CreatePartitionsResponseData.class,
                exact -> new CreatePartitionsRequestData()
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopics(topics));
        assertThat(metadata(1, name, id).topics().find(name).partitions()).hasSize(3);
    }

    private void delete(int version) {
        String name = "deleted-in-" + version;
        create(name, 1);
        broker.well(ApiKeys.DELETE_TOPICS, version, DeleteTopicsResponseData.class, exact -> {
            DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
            return exact < 6
                    ? request.setTopicNames(List.of(name))
                    : request.setTopics(List.of(new DeleteTopicState().setName(name)));
        });
        MetadataResponseData gone = broker.ask(
                ApiKeys.METADATA, 1, MetadataResponseData.class, exact -> new MetadataRequestData().setTopics(null));
        assertThat(gone.topics().find(name)).isNull();
    }

    private void electLeaders(int version) {
        String name = "elected-in-" + version;
        create(name, 1);
        TopicPartitionsCollection partitions = new TopicPartitionsCollection();
        partitions.add(new TopicPartitions().setTopic(name).setPartitions(List.of(0)));
        ElectLeadersResponseData elected = broker.ask(
                ApiKeys.ELECT_LEADERS,
                version,
                ElectLeadersResponseData.class,
                exact -> new ElectLeadersRequestData().setTimeoutMs(TIMEOUT_MS).setTopicPartitions(partitions));
        assertThat(Conversation.errors(elected)).contains(Errors.ELECTION_NOT_NEEDED);
    }

    private void alterReassignments(int version) {
        String name = "reassigned-in-" + version;
        create(name, 1);
        AlterPartitionReassignmentsRequestData request =
                new AlterPartitionReassignmentsRequestData().setTimeoutMs(TIMEOUT_MS);
        request.topics()
                .add(new ReassignableTopic()
                        .setName(name)
                        .setPartitions(List.of(
                                new ReassignablePartition().setPartitionIndex(0).setReplicas(List.of(1)),
                                new ReassignablePartition().setPartitionIndex(1).setReplicas(List.of(1)))));
        AlterPartitionReassignmentsResponseData altered = broker.ask(
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                version,
                AlterPartitionReassignmentsResponseData.class,
                exact -> request);
        assertThat(altered.responses().get(0).partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private void listReassignments(int version) {
        ListPartitionReassignmentsResponseData listed = broker.well(
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                version,
                ListPartitionReassignmentsResponseData.class,
                exact -> new ListPartitionReassignmentsRequestData().setTopics(null));
        assertThat(listed.topics()).isEmpty();
    }
}
