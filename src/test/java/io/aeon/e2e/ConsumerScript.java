package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** The life cycle of a group of the consumer protocol with one member, in one version of its APIs. */
final class ConsumerScript {
    static final int LEVELS = 2;

    private final Conversation broker;
    private final int level;
    private final String topic;
    private final Uuid topicId;
    private final String group;

    ConsumerScript(Conversation broker, int level, String topic, Uuid topicId) {
        this.broker = broker;
        this.level = level;
        this.topic = topic;
        this.topicId = topicId;
        this.group = "consumers-of-level-" + level;
    }

    void run() {
        ConsumerGroupHeartbeatResponseData joined = beat(new ConsumerGroupHeartbeatRequestData()
                .setMemberId(level == 0 ? "" : "own-id")
                .setRebalanceTimeoutMs(30_000)
                .setSubscribedTopicNames(List.of(topic))
                .setTopicPartitions(List.of()));
        assertThat(joined.assignment().topicPartitions()).singleElement().satisfies(assigned -> {
            assertThat(assigned.topicId()).isEqualTo(topicId);
            assertThat(assigned.partitions()).containsExactly(0, 1);
        });
        String member = joined.memberId();
        assertThat(beat(new ConsumerGroupHeartbeatRequestData()
                                .setMemberId(member)
                                .setMemberEpoch(joined.memberEpoch())
                                .setTopicPartitions(List.of(new TopicPartitions()
                                        .setTopicId(topicId)
                                        .setPartitions(List.of(0, 1)))))
                        .memberEpoch())
                .isEqualTo(joined.memberEpoch());
        describe(member);
        beat(new ConsumerGroupHeartbeatRequestData().setMemberId(member).setMemberEpoch(-1));
    }

    private ConsumerGroupHeartbeatResponseData beat(ConsumerGroupHeartbeatRequestData request) {
        return broker.well(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                level,
                ConsumerGroupHeartbeatResponseData.class,
                version -> request.setGroupId(group));
    }

    private void describe(String member) {
        ConsumerGroupDescribeResponseData described = broker.ask(
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                level,
                ConsumerGroupDescribeResponseData.class,
                version -> new ConsumerGroupDescribeRequestData().setGroupIds(List.of(group, "no-such-group", group)));
        assertThat(described.groups())
                .as("a group that is named twice is described once")
                .hasSize(2);
        assertThat(described.groups().get(0)).satisfies(found -> {
            assertThat(found.groupState()).isEqualTo("Stable");
            assertThat(found.assignorName()).isEqualTo("uniform");
            assertThat(found.members()).singleElement().satisfies(only -> {
                assertThat(only.memberId()).isEqualTo(member);
                assertThat(only.assignment()).isEqualTo(only.targetAssignment());
                assertThat(only.memberType()).isEqualTo((byte) (level == 0 ? -1 : 1));
            });
        });
        assertThat(Errors.forCode(described.groups().get(1).errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }
}
