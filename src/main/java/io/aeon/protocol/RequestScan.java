package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;

/** Scans a request for content whose decoding would be expensive out of proportion to its size. */
final class RequestScan {
    /** Upper bound for the elements of all arrays of a request together. */
    private static final int MOST_ELEMENTS = 250_000;
    /** Upper bound for the heap of all decoded elements of a request, at about a hundred bytes each. */
    static final long MOST_ELEMENT_BYTES = MOST_ELEMENTS * 100L;
    /** A frame this small cannot hold enough elements to matter. */
    private static final int SMALL_FRAME = 256 << 10;

    private final CollectionCost cost = new CollectionCost();
    private int elements;

    RequestScan() {}

    /**
     * @param body a buffer at the start of the body; its position does not change
     * @throws RuntimeException the body is incomplete or too expensive
     */
    static void check(ApiKeys api, short version, ByteBuffer body) {
        RequestShape shape = RequestShape.of(api, version);
        if (shape.isKeyed() || body.remaining() > SMALL_FRAME) {
            shape.body().skip(body.duplicate(), new RequestScan());
        }
    }

    void elements(int count, int remainingBytes) {
        if (count > remainingBytes || count > MOST_ELEMENTS - elements) {
            throw new MalformedRequestException("an array or a tag section claims " + count + " elements");
        }
        elements += Math.max(0, count);
    }

    void collection(int[] hashes) {
        cost.add(hashes);
    }
}
