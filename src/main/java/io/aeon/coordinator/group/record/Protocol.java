package io.aeon.coordinator.group.record;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.TextHeap;
import java.util.List;

/**
 * One assignor that a member supports.
 *
 * @param name the assignor's name
 * @param metadata the member's subscription in the encoding of this assignor
 */
public record Protocol(String name, Bytes metadata) {
    private static final long HEAP_BYTES = 96;

    /** Estimated bytes of heap for the protocols that a member sends. */
    public static long heapBytes(List<Protocol> protocols) {
        long bytes = 0;
        for (Protocol protocol : protocols) {
            bytes += HEAP_BYTES
                    + TextHeap.of(protocol.name())
                    + protocol.metadata().array().length;
        }
        return bytes;
    }
}
