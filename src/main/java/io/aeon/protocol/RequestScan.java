package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Scans a request before it is decoded: it finds content whose decoding would be expensive out of proportion to its
 * size, and adds up the heap that the request takes until it is answered.
 */
final class RequestScan {
    /** Upper bound for the elements of all arrays of a request together. */
    private static final int MOST_ELEMENTS = 250_000;
    /**
     * Heap of the work on one element of an array and of its part of the answer, besides the element itself: keys,
     * futures and messages of a partition or a group. Handlers allocate 170 to 2,200 bytes for an element, most of it
     * garbage before the request is answered (measured with 20,000 elements in each API that takes a list).
     */
    private static final long WORK = 1024;
    /** A reference, with compressed pointers. */
    private static final int REFERENCE = 4;

    private static final int LIST = 40;
    /**
     * A fetch of so few bytes has at most six partitions. It is the request that is sent most often, and a scan takes
     * as long as its decoding.
     */
    private static final int SMALL_FETCH = 128;

    private static final long SMALL_FETCH_HEAP = 6 << 10;

    private final CollectionCost cost = new CollectionCost();
    private final long mostHeap;
    private int elements;
    private long heapBytes;

    /** @param mostHeap bytes that the request may take besides its frame */
    RequestScan(long mostHeap) {
        this.mostHeap = mostHeap;
    }

    /**
     * The heap that a request takes besides its frame, from its decoding until it is answered.
     *
     * @param body a buffer at the start of the body; its position does not change
     * @param mostHeap bytes that it may take
     * @throws RuntimeException the body is incomplete or too expensive
     */
    static long heapBytes(ApiKeys api, short version, ByteBuffer body, long mostHeap) {
        if (api == ApiKeys.FETCH && body.remaining() <= SMALL_FETCH) {
            return SMALL_FETCH_HEAP;
        }
        RequestScan scan = new RequestScan(mostHeap);
        RequestShape.of(api, version).body().skip(body.duplicate(), scan);
        return scan.heapBytes;
    }

    /** Counts the elements of an array, besides what they consist of. */
    void elements(int count, int remainingBytes) {
        if (count > remainingBytes || count > MOST_ELEMENTS - elements) {
            throw new MalformedRequestException("an array or a tag section claims " + count + " elements");
        }
        int present = Math.max(0, count);
        elements += present;
        heap(LIST + present * (WORK + 2 * REFERENCE));
    }

    void heap(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("a value of " + bytes + " bytes");
        }
        heapBytes += bytes;
        if (heapBytes > mostHeap) {
            throw new MalformedRequestException("it takes more than the " + mostHeap
                    + " bytes of memory that one request may take (aeon.network.bytes-in-flight)");
        }
    }

    void collection(int[] hashes) {
        cost.add(hashes);
    }
}
