package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

    private static ApiMessage body(Optional<Reply> reply) {
        return ((Reply.Message) reply.orElseThrow()).body();
    }
}
