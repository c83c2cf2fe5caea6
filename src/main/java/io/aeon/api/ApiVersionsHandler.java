package io.aeon.api;

import io.aeon.api.BrokerIdentity.Features;
import io.aeon.api.ClientConnection.Software;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKeyCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKeyCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ApiVersions (KIP-35, KIP-511, KIP-584): the API versions and features that this broker supports. */
public final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequestData> {
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
    private static final short FIRST_VERSION_WITH_SOFTWARE = 3;
    /** Clients that use a version below 4 cannot read a feature whose lowest level is 0. */
    private static final short FIRST_VERSION_WITH_LEVEL_ZERO = 4;

    private final List<ApiVersion> versions;
    private final BrokerIdentity broker;

    ApiVersionsHandler(List<? extends ApiHandler<?>> others, BrokerIdentity broker) {
        this.broker = broker;
        this.versions = Stream.concat(
                        others.stream().map(h -> advertised(h.key(), h.oldestVersion(), h.latestVersion())),
                        Stream.of(ownVersions()))
                .sorted(Comparator.comparingInt(ApiVersion::apiKey))
                .toList();
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.API_VERSIONS;
    }

    @Override
    public CompletionStage<Reply> handle(ApiVersionsRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(answer(request, context)));
    }

    private ApiVersionsResponseData answer(ApiVersionsRequestData request, RequestContext context) {
        short version = context.version();
        if (!key().isVersionSupported(version)) {
            ApiVersionCollection own = new ApiVersionCollection();
            own.add(ownVersions());
            return error(Errors.UNSUPPORTED_VERSION).setApiKeys(own);
        }
        if (!isValid(request, version)) {
            return error(Errors.INVALID_REQUEST);
        }
        if (version >= FIRST_VERSION_WITH_SOFTWARE) {
            context.connection().software(Software.told(request.clientSoftwareName(), request.clientSoftwareVersion()));
        }
        if (version >= 5 && request.clusterId() != null && !isForThisBroker(request)) {
            return error(Errors.REBOOTSTRAP_REQUIRED);
        }
        return withFeatures(new ApiVersionsResponseData().setApiKeys(allVersions()), version);
    }

    /**
     * Whether the client's software name and version are safe to log, and the broker id and cluster id are given
     * together.
     */
    private static boolean isValid(ApiVersionsRequestData request, short version) {
        boolean bothOrNone = version < 5 || (request.clusterId() == null) == (request.nodeId() == -1);
        boolean named = version < FIRST_VERSION_WITH_SOFTWARE
                || (SOFTWARE.matcher(request.clientSoftwareName()).matches()
                        && SOFTWARE.matcher(request.clientSoftwareVersion()).matches());
        return bothOrNone && named;
    }

    private boolean isForThisBroker(ApiVersionsRequestData request) {
        return broker.clusterId().get().equals(request.clusterId()) && request.nodeId() == broker.nodeId();
    }

    private ApiVersionCollection allVersions() {
        ApiVersionCollection all = new ApiVersionCollection(versions.size());
        versions.forEach(version -> all.add(version.duplicate()));
        return all;
    }

    private ApiVersionsResponseData withFeatures(ApiVersionsResponseData response, short version) {
        Features features = broker.features().get();
        SupportedFeatureKeyCollection supported = new SupportedFeatureKeyCollection();
        features.supported().forEach((name, range) -> {
            if (version >= FIRST_VERSION_WITH_LEVEL_ZERO || range.min() != 0) {
                supported.add(new SupportedFeatureKey()
                        .setName(name)
                        .setMinVersion(range.min())
                        .setMaxVersion(range.max()));
            }
        });
        FinalizedFeatureKeyCollection finalized = new FinalizedFeatureKeyCollection();
        features.finalized().forEach((name, level) -> {
            if (level != 0) {
                finalized.add(new FinalizedFeatureKey()
                        .setName(name)
                        .setMinVersionLevel(level)
                        .setMaxVersionLevel(level));
            }
        });
        return response.setSupportedFeatures(supported)
                .setFinalizedFeatures(finalized)
                .setFinalizedFeaturesEpoch(features.epoch());
    }

    private static ApiVersionsResponseData error(Errors error) {
        return new ApiVersionsResponseData().setErrorCode(error.code());
    }

    private static ApiVersion ownVersions() {
        return new ApiVersion()
                .setApiKey(ApiKeys.API_VERSIONS.id)
                .setMinVersion(ApiKeys.API_VERSIONS.oldestVersion())
                .setMaxVersion(ApiKeys.API_VERSIONS.latestVersion());
    }

    /**
     * Produce is advertised from version 0, as in Kafka: without it an old librdkafka does not compress (KAFKA-18659).
     */
    private static ApiVersion advertised(ApiKeys api, short oldest, short latest) {
        short first = api.toApiVersionForApiResponse(false, ListenerType.BROKER)
                .map(ApiVersion::minVersion)
                .filter(min -> oldest == api.oldestVersion())
                .orElse(oldest);
        return new ApiVersion().setApiKey(api.id).setMinVersion(first).setMaxVersion(latest);
    }
}
