package io.aeon.api;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.aeon.PatientWaits;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorRepliesTest {
    private static final byte ANY = 1;

    static Stream<Arguments> clientApis() {
        return ApiKeys.apisForListener(ListenerType.BROKER).stream()
                .flatMap(api -> IntStream.rangeClosed(api.oldestVersion(), api.latestVersion(false))
                        .mapToObj(version -> Arguments.of(api, (short) version)));
    }

    @ParameterizedTest
    @MethodSource("clientApis")
    void everyApiHasAnErrorResponseInEveryVersion(ApiKeys api, short version) {
        ApiMessage request = api.messageType.newRequest();
        if (request instanceof ProduceRequestData produce) {
            produce.setAcks((short) 1);
        }

        if (request instanceof DescribeAclsRequestData acls) {
            acls.setResourceTypeFilter(ANY).setOperation(ANY).setPermissionType(ANY);
        }

        ApiMessage told = body(ErrorReplies.of(api, version, request, Errors.UNKNOWN_SERVER_ERROR.exception()));

        assertThat(told).isInstanceOf(api.messageType.newResponse().getClass());
        MessageUtil.toByteBufferAccessor(told, version);
    }

    @Test
    void theErrorIsTheOneOfTheFailure() {
        HeartbeatResponseData told = (HeartbeatResponseData) body(ErrorReplies.of(
                ApiKeys.HEARTBEAT,
                (short) 4,
                new HeartbeatRequestData(),
                Errors.COORDINATOR_NOT_AVAILABLE.exception()));

        assertThat(told.errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }

    @Test
    void aFailedFetchHasTheErrorOfTheWholeRequest() {
        FetchResponseData told = (FetchResponseData) body(ErrorReplies.of(
                ApiKeys.FETCH, (short) 17, new FetchRequestData(), Errors.UNKNOWN_SERVER_ERROR.exception()));

        assertThat(told.errorCode()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
    }

    @Test
    void aProduceRequestWithAcksZeroHasNoErrorResponse() {
        assertThat(ErrorReplies.of(
                        ApiKeys.PRODUCE,
                        (short) 12,
                        new ProduceRequestData().setAcks((short) 0),
                        Errors.UNKNOWN_SERVER_ERROR.exception()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "METADATA, 13",
        "DESCRIBE_TOPIC_PARTITIONS, 0",
        "DELETE_TOPICS, 5",
        "DELETE_TOPICS, 6",
        "DELETE_GROUPS, 2",
        "DELETE_RECORDS, 2",
        "ADD_PARTITIONS_TO_TXN, 3"
    })
    void entriesFailAsInKafkaAndVeryManyAtOnce(ApiKeys api, short version) {
        ApiException error = Errors.REQUEST_TIMED_OUT.exception();
        ApiMessage two = withEntries(api, version, 2);
        ByteBufferAccessor wire = MessageUtil.toByteBufferAccessor(two, version);
        ApiMessage kafkas = AbstractRequest.parseRequest(api, version, wire)
                .request
                .getErrorResponse(error)
                .data();

        ApiMessage told = body(ErrorReplies.of(api, version, two, error));

        assertThat(MessageUtil.toByteBufferAccessor(told, version).buffer())
                .isEqualTo(MessageUtil.toByteBufferAccessor(kafkas, version).buffer());

        ApiMessage many = withEntries(api, version, 8_000);
        ApiMessage failed = assertTimeout(PatientWaits.LIMIT, () -> body(ErrorReplies.of(api, version, many, error)));
        assertThat(MessageUtil.toByteBufferAccessor(failed, version).buffer().remaining())
                .isGreaterThan(8_000 * 5);
    }

    private static ApiMessage withEntries(ApiKeys api, short version, int count) {
        return switch (api) {
            case METADATA ->
                new MetadataRequestData().setTopics(nCopies(count, new MetadataRequestTopic().setName(null)));
            case DESCRIBE_TOPIC_PARTITIONS ->
                new DescribeTopicPartitionsRequestData().setTopics(nCopies(count, new TopicRequest().setName("t")));
            case DELETE_TOPICS ->
                version < 6
                        ? new DeleteTopicsRequestData().setTopicNames(nCopies(count, "t"))
                        : new DeleteTopicsRequestData()
                                .setTopics(nCopies(
                                        count,
                                        new DeleteTopicState().setName(null).setTopicId(Uuid.ONE_UUID)));
            case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(nCopies(count, "g"));
            case DELETE_RECORDS ->
                new DeleteRecordsRequestData()
                        .setTopics(List.of(new DeleteRecordsTopic()
                                .setName("t")
                                .setPartitions(nCopies(count, new DeleteRecordsPartition()))));
            case ADD_PARTITIONS_TO_TXN -> {
                AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
                request.v3AndBelowTopics()
                        .add(new AddPartitionsToTxnTopic().setName("t").setPartitions(nCopies(count, 0)));
                yield request;
            }
            default -> throw new IllegalArgumentException(api.name);
        };
    }

    private static ApiMessage body(Optional<Reply> reply) {
        return ((Reply.Message) reply.orElseThrow()).body();
    }
}
