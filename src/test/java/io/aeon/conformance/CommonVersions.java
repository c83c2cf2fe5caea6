package io.aeon.conformance;

import io.aeon.e2e.WireClient;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;

/** The APIs and versions that two brokers announce and that this client can encode. */
final class CommonVersions {
    private record Range(int oldest, int latest) {}

    private final Map<ApiKeys, Range> ranges = new TreeMap<>();

    private CommonVersions() {}

    static CommonVersions of(int onePort, int otherPort) {
        CommonVersions common = new CommonVersions();
        ApiVersionsResponseData other = announced(otherPort);
        for (ApiVersion mine : announced(onePort).apiKeys()) {
            ApiVersion theirs = other.apiKeys().find(mine.apiKey());
            if (theirs != null) {
                ApiKeys api = ApiKeys.forId(mine.apiKey());
                int oldest = Math.max(api.oldestVersion(), Math.max(mine.minVersion(), theirs.minVersion()));
                common.ranges.put(api, new Range(oldest, Math.min(mine.maxVersion(), theirs.maxVersion())));
            }
        }
        return common;
    }

    private static ApiVersionsResponseData announced(int port) {
        try (WireClient client = new WireClient("127.0.0.1", port, Stage.PATIENCE_MS)) {
            return client.call(
                    ApiKeys.API_VERSIONS,
                    3,
                    new ApiVersionsRequestData().setClientSoftwareName("wire").setClientSoftwareVersion("1"),
                    ApiVersionsResponseData.class);
        }
    }

    List<ApiKeys> apis() {
        return List.copyOf(ranges.keySet());
    }

    List<Integer> of(ApiKeys api) {
        Range range = ranges.get(api);
        return IntStream.rangeClosed(range.oldest(), range.latest()).boxed().toList();
    }

    int nearest(ApiKeys api, int level) {
        Range range = ranges.get(api);
        return Math.min(Math.max(level, range.oldest()), range.latest());
    }
}
