package io.aeon.protocol;

import java.util.Arrays;
import org.apache.kafka.common.protocol.ApiKeys;

/** The largest request of each API and the heap that it may take, known before any byte of it is stored. */
public final class FrameLimits {
    /** A request's fixed header: key, version, correlation id. */
    public static final int MIN_BYTES = 8;

    private static final int FEW_FIELDS = 64 << 10;
    private static final int LISTS_OF_NAMES = 4 << 20;
    private static final int GROUP_STATE = 16 << 20;
    private static final int HIGHEST_KEY = 127;

    /** Heap bytes of decoded names and partitions per byte of the frame; no API has a higher ratio than Metadata. */
    private static final int METADATA_FACTOR = 26;

    private static final int LISTS_FACTOR = 15;
    /** Outside of arrays a request has only strings and bytes, which are decoded into a copy. */
    private static final int COPIES = 2;

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

    /**
     * Heap bytes that a request may take until it is answered. Records stay in the frame; everything else is decoded.
     */
    public long heapBytes(short apiKey, int frameBytes) {
        if (apiKey == ApiKeys.PRODUCE.id) {
            return frameBytes;
        }
        long worst = (long) frameBytes * (apiKey == ApiKeys.METADATA.id ? METADATA_FACTOR : LISTS_FACTOR);
        return Math.min(worst, (long) frameBytes * COPIES + RequestScan.MOST_ELEMENT_BYTES);
    }

    private static int usefulBytes(ApiKeys api, int maxRequestBytes) {
        return switch (api) {
            case PRODUCE -> maxRequestBytes;
            case JOIN_GROUP, SYNC_GROUP, OFFSET_COMMIT, OFFSET_FETCH, TXN_OFFSET_COMMIT -> GROUP_STATE;
            case API_VERSIONS,
                    HEARTBEAT,
                    SASL_HANDSHAKE,
                    INIT_PRODUCER_ID,
                    ADD_OFFSETS_TO_TXN,
                    END_TXN,
                    LIST_GROUPS,
                    DESCRIBE_CLUSTER -> FEW_FIELDS;
            default -> LISTS_OF_NAMES;
        };
    }
}
