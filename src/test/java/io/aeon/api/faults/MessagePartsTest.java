package io.aeon.api.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.AnswerEntries;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Message;
import org.junit.jupiter.api.Test;

class MessagePartsTest {
    private static final Uuid ID = Uuid.randomUuid();

    private final MessageParts parts = new MessageParts(id -> id.equals(ID) ? Optional.of("named") : Optional.empty());

    private static Selection selection(String topic, Integer partition) {
        return new Selection(ApiKeys.PRODUCE, topic, partition, null, 1);
    }

    private boolean has(Message message, String topic, Integer partition) {
        return parts.any(message, selection(topic, partition));
    }

    private static OffsetCommitRequestData commit() {
        return new OffsetCommitRequestData()
                .setTopics(List.of(topic("a", Uuid.ZERO_UUID, 0, 1), topic("b", Uuid.ZERO_UUID, 1), topic("", ID, 2)));
    }

    private static OffsetCommitRequestTopic topic(String name, Uuid id, int... partitions) {
        OffsetCommitRequestTopic topic =
                new OffsetCommitRequestTopic().setName(name).setTopicId(id);
        for (int partition : partitions) {
            topic.partitions().add(new OffsetCommitRequestPartition().setPartitionIndex(partition));
        }
        return topic;
    }

    @Test
    void findsTopicsByNameAndByIdWithTheirPartitions() {
        assertThat(has(commit(), "a", 1)).isTrue();
        assertThat(has(commit(), "b", 0)).isFalse();
        assertThat(has(commit(), "named", 2)).isTrue();
        assertThat(has(commit(), "c", null)).isFalse();
        assertThat(has(commit(), null, 2)).isTrue();
    }

    @Test
    void findsTopicsWhereverTheyStand() {
        var topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName("a").setPartitions(List.of(3)));
        var transactions = new AddPartitionsToTxnTransactionCollection();
        transactions.add(new AddPartitionsToTxnTransaction().setTopics(topics));

        assertThat(has(new AddPartitionsToTxnRequestData().setTransactions(transactions), "a", 3))
                .isTrue();
        assertThat(has(
                        new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setTopicId(ID))),
                        "named",
                        null))
                .isTrue();
        assertThat(has(new DeleteTopicsRequestData().setTopicNames(List.of("a")), "a", null))
                .isTrue();
        assertThat(has(new JoinGroupRequestData(), "a", null)).isFalse();
    }

    /** The handlers' entries have classes of their own. */
    @Test
    void findsTopicsInAnswers() {
        MetadataResponseData metadata = new MetadataResponseData();
        DeleteTopicsResponseData deletion = new DeleteTopicsResponseData();
        for (String name : List.of("a", "b")) {
            metadata.topics().add(new AnswerEntries.MetadataTopic().setName(name));
            deletion.responses().add(new AnswerEntries.DeletedTopic().setName(name));
        }

        for (Message answer : List.of(metadata, deletion)) {
            assertThat(has(answer, "a", null)).isTrue();
            assertThat(has(answer, "c", null)).isFalse();
            assertThat(parts.areIn(answer)).isTrue();
        }
    }

    @Test
    void takesMessagesApartAndPutsThemTogether() {
        OffsetCommitRequestData selected = commit().duplicate();
        OffsetCommitRequestData others = commit().duplicate();

        assertThat(parts.retain(selected, selection("a", 1)::hasPart)).isTrue();
        assertThat(parts.retain(others, (topic, partition) -> !selection("a", 1).hasPart(topic, partition)))
                .isTrue();
        assertThat(selected.topics()).containsExactly(topic("a", Uuid.ZERO_UUID, 1));
        assertThat(others.topics())
                .containsExactly(topic("a", Uuid.ZERO_UUID, 0), topic("b", Uuid.ZERO_UUID, 1), topic("", ID, 2));

        parts.add(selected, others);
        assertThat(others.topics()).isEqualTo(commit().topics());
        assertThat(parts.retain(others, (topic, partition) -> false)).isFalse();
    }
}
