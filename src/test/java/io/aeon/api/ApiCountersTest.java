package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ApiCountersTest {
    private static final short GONE = Errors.UNKNOWN_TOPIC_OR_PARTITION.code();
    private static final short LATE = Errors.REQUEST_TIMED_OUT.code();

    private final ApiCounters counters = new ApiCounters();

    @Test
    void theErrorOfAnAnswerCounts() {
        count(new HeartbeatResponseData().setErrorCode(Errors.REBALANCE_IN_PROGRESS.code()));
        count(new HeartbeatResponseData());

        assertThat(counters.errors()).isEqualTo(Map.of(Errors.REBALANCE_IN_PROGRESS, 1L));
    }

    @Test
    void theErrorsOfTopicsAndPartitionsCount() {
        MetadataResponseData metadata = new MetadataResponseData();
        metadata.topics().add(new MetadataResponseTopic().setName("a").setErrorCode(GONE));
        metadata.topics()
                .add(new MetadataResponseTopic()
                        .setName("b")
                        .setPartitions(List.of(
                                new MetadataResponsePartition().setErrorCode(LATE), new MetadataResponsePartition())));
        CreateTopicsResponseData created = new CreateTopicsResponseData();
        created.topics().add(new CreatableTopicResult().setName("a").setErrorCode(LATE));
        count(metadata);
        count(created);

        assertThat(counters.errors())
                .isEqualTo(Map.of(Errors.UNKNOWN_TOPIC_OR_PARTITION, 1L, Errors.REQUEST_TIMED_OUT, 2L));
    }

    @Test
    void theErrorsOfTheDataPathCount() {
        ProduceResponseData produced = new ProduceResponseData();
        produced.responses()
                .add(new TopicProduceResponse()
                        .setPartitionResponses(List.of(
                                new PartitionProduceResponse().setErrorCode(LATE), new PartitionProduceResponse())));
        FetchResponseData fetched = new FetchResponseData()
                .setResponses(List.of(new FetchableTopicResponse()
                        .setPartitions(List.of(new PartitionData().setErrorCode(GONE), new PartitionData()))));
        count(produced);
        counters.count(new Reply.WithSlices(fetched, List.of()));
        counters.count(Reply.NONE);

        assertThat(counters.errors())
                .isEqualTo(Map.of(Errors.UNKNOWN_TOPIC_OR_PARTITION, 1L, Errors.REQUEST_TIMED_OUT, 1L));
    }

    @Test
    void anyAnswerIsUnderstood() {
        for (ApiKeys api : ApiKeys.clientApis()) {
            count(api.messageType.newResponse());
        }

        assertThat(counters.errors()).isEmpty();
    }

    private void count(ApiMessage answer) {
        counters.count(Reply.of(answer));
    }
}
