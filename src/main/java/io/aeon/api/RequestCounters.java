package io.aeon.api;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;

/** What is counted of the requests to one {@link ApiTable}, for each API that was requested. Thread-safe. */
public final class RequestCounters {
    private static final ApiKeys[] APIS = ApiKeys.values();
    private static final int LARGEST_ID =
            Stream.of(APIS).mapToInt(api -> api.id).max().orElseThrow();

    private final AtomicReferenceArray<ApiCounters> byId = new AtomicReferenceArray<>(LARGEST_ID + 1);

    public ApiCounters of(ApiKeys api) {
        ApiCounters known = byId.get(api.id);
        if (known == null) {
            byId.compareAndSet(api.id, null, new ApiCounters());
            known = byId.get(api.id);
        }
        return known;
    }

    /** The counters of the APIs that were requested. */
    public Map<ApiKeys, ApiCounters> all() {
        Map<ApiKeys, ApiCounters> all = new EnumMap<>(ApiKeys.class);
        for (ApiKeys api : APIS) {
            ApiCounters counters = byId.get(api.id);
            if (counters != null) {
                all.put(api, counters);
            }
        }
        return all;
    }
}
