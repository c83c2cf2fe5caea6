package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.api.BrokerIdentity.Features;
import io.aeon.metadata.FeatureRange;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiVersionsHandlerTest {
    private static final Features FEATURES = new Features(
            Map.of(
                    "group.version",
                    new FeatureRange((short) 0, (short) 1),
                    "metadata.version",
                    new FeatureRange((short) 7, (short) 33)),
            Map.of("group.version", (short) 0, "metadata.version", (short) 33),
            12);

    private final InetSocketAddress anywhere = InetSocketAddress.createUnresolved("localhost", 1);
    private final ClientConnection connection = new ClientConnection("client", anywhere, anywhere);
    private final ApiTable table = new ApiTable(
            List.of(new Handler(ApiKeys.PRODUCE), new Handler(ApiKeys.INIT_PRODUCER_ID), new Handler(ApiKeys.FETCH) {
                @Override
                public short latestVersion() {
                    return 12;
                }
            }),
            new BrokerIdentity(1, () -> "this-cluster", () -> FEATURES));

    @Test
    void theAnswerListsTheHandlers() {
        ApiVersionsResponseData answer = ask(named("client", "1.0"), 3);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.apiKeys().stream().map(ApiVersionsHandlerTest::range))
                .containsExactly("0: 0-13", "1: 4-12", "18: 0-5", "22: 0-5");
        assertThat(table.supports(ApiKeys.FETCH, (short) 12)).isTrue();
        assertThat(table.supports(ApiKeys.FETCH, (short) 13)).isFalse();
        assertThat(table.supports(ApiKeys.PRODUCE, (short) 2)).isFalse();
        assertThat(table.supports(ApiKeys.METADATA, (short) 9)).isFalse();
    }

    @Test
    void featuresThatTheClientCannotReadAreLeftOut() {
        ApiVersionsResponseData old = ask(named("client", "1.0"), 3);
        ApiVersionsResponseData recent = ask(named("client", "1.0"), 4);

        assertThat(old.supportedFeatures().find("group.version")).isNull();
        assertThat(recent.supportedFeatures().find("group.version").maxVersion())
                .isEqualTo((short) 1);
        assertThat(recent.finalizedFeatures().find("group.version")).isNull();
        assertThat(recent.finalizedFeatures().find("metadata.version").maxVersionLevel())
                .isEqualTo((short) 33);
        assertThat(recent.finalizedFeaturesEpoch()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({
        "apache-kafka-java, 4.4.0, NONE",
        "x, 1, NONE",
        "'', 1, INVALID_REQUEST",
        "librdkafka, '', INVALID_REQUEST",
        "-x, 1, INVALID_REQUEST",
        "x., 1, INVALID_REQUEST",
        "'x y', 1, INVALID_REQUEST",
        "x, '1\n2', INVALID_REQUEST"
    })
    void aClientMustHaveANameThatCanBeLogged(String name, String version, Errors error) {
        assertThat(ask(named(name, version), 3).errorCode()).isEqualTo(error.code());
        assertThat(ask(named(name, version), 2).errorCode()).isZero();
        assertThat(connection.software()).hasToString(error == Errors.NONE ? name + " " + version : "unknown");
    }

    @Test
    void ofALongNameAndALongVersionTheBeginIsKept() {
        assertThat(ask(named("n".repeat(30_000), "1".repeat(30_000)), 3).errorCode())
                .isZero();

        assertThat(connection.software().name()).isEqualTo("n".repeat(256));
        assertThat(connection.software().version()).isEqualTo("1".repeat(256));
    }

    @Test
    void aClientOfAnotherBrokerOrClusterMustRebootstrap() {
        ApiVersionsRequestData here =
                named("x", "1").setClusterId("this-cluster").setNodeId(1);

        assertThat(ask(here, 5).errorCode()).isZero();
        assertThat(ask(here.duplicate().setNodeId(2), 5).errorCode()).isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
        assertThat(ask(here.duplicate().setClusterId("other"), 5).errorCode())
                .isEqualTo(Errors.REBOOTSTRAP_REQUIRED.code());
        assertThat(ask(here.duplicate().setClusterId(null), 5).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(ask(here.duplicate().setNodeId(-1), 5).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void anUnknownVersionGetsTheSupportedRange() {
        ApiVersionsResponseData answer = ask(new ApiVersionsRequestData(), 6);

        assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(answer.apiKeys().stream().map(ApiVersionsHandlerTest::range)).containsExactly("18: 0-5");
    }

    @Test
    void anApiHasOneHandler() {
        assertThatThrownBy(() -> new ApiTable(
                        List.of(new Handler(ApiKeys.FETCH), new Handler(ApiKeys.FETCH)),
                        new BrokerIdentity(1, () -> "", () -> Features.NONE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private ApiVersionsResponseData ask(ApiVersionsRequestData request, int version) {
        RequestContext context = new RequestContext((short) version, 1, "", connection);
        Reply reply = table.handle(ApiKeys.API_VERSIONS, request, context)
                .toCompletableFuture()
                .join();
        return (ApiVersionsResponseData) ((Reply.Message) reply).body();
    }

    private static ApiVersionsRequestData named(String name, String version) {
        return new ApiVersionsRequestData().setClientSoftwareName(name).setClientSoftwareVersion(version);
    }

    private static String range(ApiVersion version) {
        return version.apiKey() + ": " + version.minVersion() + "-" + version.maxVersion();
    }

    private static class Handler implements ApiHandler<ApiMessage> {
        private final ApiKeys key;

        Handler(ApiKeys key) {
            this.key = key;
        }

        @Override
        public ApiKeys key() {
            return key;
        }

        @Override
        public CompletionStage<Reply> handle(ApiMessage request, RequestContext context) {
            return CompletableFuture.completedFuture(Reply.NONE);
        }
    }
}
