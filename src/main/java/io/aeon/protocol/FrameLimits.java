package io.aeon.protocol;

import java.util.Arrays;
import org.apache.kafka.common.protocol.ApiKeys;

/** The largest request of each API, known before any byte of it is stored. */
public final class FrameLimits {
    /** A request's fixed header: key, version, correlation id. */
    public static final int MIN_BYTES = 8;

    private static final int FEW_FIELDS = 64 << 10;
    private static final int LISTS_OF_NAMES = 4 << 20;
    private static final int GROUP_STATE = 16 << 20;
    private static final int HIGHEST_KEY = 127;

    private final int maxRequestBytes;
    private final int[] maxBytes = new int[HIGHEST_KEY + 1];

    /** @param maxRequestBytes upper bound for every API ({@code socket.request.max.bytes}) */
    public FrameLimits(int maxRequestBytes) {
        this.maxRequestBytes = maxRequestBytes;
        Arrays.fill(maxBytes, FEW_FIELDS);
        for (ApiKeys api : ApiKeys.values()) {
            maxBytes[api.id] = Math.min(maxRequestBytes, usefulBytes(api, maxRequestBytes));
        }
    }

    /** Largest request of any API, in bytes. */
    public int maxBytes() {
        return maxRequestBytes;
    }

    /** Largest request of this API, in bytes; the key may be unknown. */
    public int maxBytes(short apiKey) {
        return apiKey < 0 || apiKey > HIGHEST_KEY ? FEW_FIELDS : maxBytes[apiKey];
    }

    private static int usefulBytes(ApiKeys api, int maxRequestBytes) {
        return switch (api) {
            case PRODUCE, PUSH_TELEMETRY -> maxRequestBytes;
            case JOIN_GROUP, SYNC_GROUP, OFFSET_COMMIT, OFFSET_FETCH, TXN_OFFSET_COMMIT -> GROUP_STATE;
            case API_VERSIONS,
                    HEARTBEAT,
                    SASL_HANDSHAKE,
                    INIT_PRODUCER_ID,
                    ADD_OFFSETS_TO_TXN,
                    END_TXN,
                    LIST_GROUPS,
                    GET_TELEMETRY_SUBSCRIPTIONS,
                    DESCRIBE_CLUSTER -> FEW_FIELDS;
            default -> LISTS_OF_NAMES;
        };
    }
}
