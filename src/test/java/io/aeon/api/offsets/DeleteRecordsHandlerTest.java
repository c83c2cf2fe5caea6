package io.aeon.api.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.aeon.PatientWaits;
import io.aeon.api.Calls;
import io.aeon.api.ClientConnection;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Deleted;
import io.aeon.broker.topic.TopicSettingsCache;
import io.aeon.counters.BrokerCounters;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeleteRecordsHandlerTest {
    private final FakeMetadata cluster = new FakeMetadata();
    private final List<Long> offsets = new ArrayList<>();
    private DeleteRecordsHandler handler;

    @BeforeEach
    void start() {
        cluster.add("orders", 2);
        TopicSettingsCache settings =
                new TopicSettingsCache(1, cluster.metadata().topicConfigs()::of);
        handler = new DeleteRecordsHandler(
                cluster.metadata(),
                new BrokerServices(
                        this::tell,
                        null,
                        null,
                        null,
                        null,
                        settings,
                        new BrokerCounters(),
                        Runnable::run,
                        Runnable::run,
                        null,
                        null));
    }

    @Test
    void eachPartitionIsAskedAndAnsweredOnceAndItsLastOffsetCounts() throws Exception {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTopics(List.of(
                        topic("orders", partition(0, 7), partition(1, 4), partition(0, 5)),
                        topic("orders", partition(1, 3), partition(2, 1))));

        DeleteRecordsResponseData response = Calls.call(handler, request, DeleteRecordsResponseData.class);

        assertThat(offsets).containsExactly(5L, 3L);
        assertThat(response.topics()).hasSize(1);
        DeleteRecordsTopicResult topic = response.topics().find("orders");
        assertThat(topic.partitions()).hasSize(3);
        assertThat(topic.partitions().find(0).lowWatermark()).isEqualTo(5);
        assertThat(topic.partitions().find(1).lowWatermark()).isEqualTo(3);
        assertThat(topic.partitions().find(2).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void manyEqualEntriesHaveOneResult() throws Exception {
        DeleteRecordsTopic topic = topic("orders");
        IntStream.range(0, 20_000).forEach(i -> topic.partitions().add(partition(9, i)));
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTopics(IntStream.range(0, 5).mapToObj(i -> topic).toList());

        DeleteRecordsResponseData response = Calls.call(handler, request, DeleteRecordsResponseData.class);

        assertThat(response.topics().find("orders").partitions())
                .extracting(DeleteRecordsPartitionResult::partitionIndex)
                .containsExactly(9);
    }

    /** Each index has the same place in a hash table for as many entries, in which their time grows with the cube. */
    @Test
    void manyIndexesWithOnePlaceInAHashTableAreAnsweredAtOnce() throws Exception {
        int count = 6000;
        DeleteRecordsTopic topic = topic("orders");
        IntStream.range(0, count).forEach(i -> topic.partitions().add(partition(i * (2 * count + 1), 0)));
        DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTopics(List.of(topic));

        CompletionStage<Reply> reply = assertTimeout(
                PatientWaits.LIMIT, () -> handler.handle(request, new RequestContext((short) 2, 1, "test", client())));

        DeleteRecordsResponseData response = (DeleteRecordsResponseData)
                ((Reply.Message) reply.toCompletableFuture().join()).body();
        assertThat(response.topics().iterator().next().partitions()).hasSize(count);
    }

    private static ClientConnection client() {
        return new ClientConnection("client", Calls.ADVERTISED, new InetSocketAddress(0));
    }

    private static DeleteRecordsTopic topic(String name, DeleteRecordsPartition... partitions) {
        return new DeleteRecordsTopic().setName(name).setPartitions(new ArrayList<>(List.of(partitions)));
    }

    private static DeleteRecordsPartition partition(int index, long offset) {
        return new DeleteRecordsPartition().setPartitionIndex(index).setOffset(offset);
    }

    private void tell(TopicPartition partition, PartitionCommand command) {
        DeleteRecords delete = (DeleteRecords) command;
        offsets.add(delete.offset());
        delete.reply().complete(new Deleted(delete.offset(), CompletableFuture.completedFuture(delete.offset())));
    }
}
