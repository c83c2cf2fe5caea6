package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.broker.FakeMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The expected errors are those of Apache Kafka 4.4.0. */
class TopicResolverTest {
    private final FakeMetadata cluster = new FakeMetadata();
    private final Uuid orders = cluster.add("orders", 2);
    private final TopicResolver topics = new TopicResolver(cluster.metadata().image());

    @Test
    void aTopicIsFoundByNameOrByIdDependingOnTheVersion() {
        assertThat(topics.resolve(false, "orders", Uuid.ZERO_UUID).topic().id()).isEqualTo(orders);
        assertThat(topics.resolve(true, "", orders).topic().name()).isEqualTo("orders");
        assertThat(topics.resolve(true, "orders", Uuid.ONE_UUID).exists()).isFalse();
        assertThat(topics.resolve(false, "", orders).exists()).isFalse();
    }

    @Test
    void anUnknownNameAndAnUnknownIdAreDifferentErrors() {
        assertThat(topics.byName("nowhere").error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(topics.byId(Uuid.ONE_UUID).error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(topics.byId(Uuid.ZERO_UUID).error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(topics.byId(Uuid.ONE_UUID).error(0)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void aPartitionOutOfRangeIsUnknownHoweverItsTopicIsNamed() {
        for (ResolvedTopic topic : new ResolvedTopic[] {topics.byName("orders"), topics.byId(orders)}) {
            assertThat(topic.error(0)).isEqualTo(Errors.NONE);
            assertThat(topic.error(1)).isEqualTo(Errors.NONE);
            assertThat(topic.error(2)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(topic.error(-1)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(topic.partition(1).index()).isEqualTo(1);
        }
    }

    @Test
    void anUnknownIdIsResolvedByItsFormerName() {
        assertThat(topics.byId(orders, "former").topic().name()).isEqualTo("orders");
        assertThat(topics.byId(Uuid.ONE_UUID, "nowhere").error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(topics.byId(Uuid.ONE_UUID, "orders").error()).isEqualTo(Errors.INCONSISTENT_TOPIC_ID);
    }

    @Test
    void onlyDescriptionsDistinguishAnInvalidNameFromAnUnknownOne() {
        assertThat(topics.described("a/b").error()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(topics.described("").error()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(topics.described("nowhere").error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(topics.described("orders").error()).isEqualTo(Errors.NONE);
        assertThat(topics.byName("a/b").error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aMissingTopicOrPartitionThrowsItsError() {
        assertThatThrownBy(() -> topics.byName("nowhere").topic()).isInstanceOf(UnknownTopicOrPartitionException.class);
        assertThatThrownBy(() -> topics.byId(Uuid.ONE_UUID).partition(0)).isInstanceOf(UnknownTopicIdException.class);
        assertThatThrownBy(() -> topics.byName("orders").partition(2))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }
}
