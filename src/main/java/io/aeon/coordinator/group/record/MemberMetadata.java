package io.aeon.coordinator.group.record;

import io.aeon.coordinator.TextHeap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a consumer group has told about itself.
 *
 * @param instanceId group instance id of a static member, null for a dynamic member
 * @param topics names of the topics to which it is subscribed
 * @param regex RE2 pattern of further topics to which it is subscribed, empty if there is none
 * @param rebalanceTimeoutMs milliseconds that the member may need to revoke partitions
 * @param assignor name of the server-side assignor that it prefers, null if it has none
 * @param classic what a member of the classic protocol has told, null for a member of the consumer protocol
 */
public record MemberMetadata(
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String clientHost,
        Set<String> topics,
        String regex,
        int rebalanceTimeoutMs,
        @Nullable String assignor,
        @Nullable ClassicMetadata classic) {
    /** Heap of a member without a subscription (measured with 10,000). */
    private static final long HEAP_BYTES = 3072;

    /** Estimated heap of a topic's name in the subscription, besides its characters. */
    private static final long TOPIC_BYTES = 80;

    public static final MemberMetadata UNTOLD = new MemberMetadata(null, null, "", "", Set.of(), "", -1, null, null);

    /**
     * What a member of the classic protocol has told.
     *
     * @param protocols in the member's order of preference, at least one
     */
    public record ClassicMetadata(int sessionTimeoutMs, List<Protocol> protocols) {
        /** The first choice of the member; the coordinator answers in its encoding. */
        public Protocol preferred() {
            return protocols.get(0);
        }
    }

    public MemberMetadata {
        topics = new TreeSet<>(topics);
    }

    /** Estimated bytes of heap. */
    public long heapBytes() {
        long bytes = HEAP_BYTES
                + TextHeap.of(instanceId)
                + TextHeap.of(rackId)
                + TextHeap.of(clientId)
                + TextHeap.of(regex)
                + TextHeap.of(assignor);
        for (String topic : topics) {
            bytes += TOPIC_BYTES + TextHeap.of(topic);
        }
        return classic == null ? bytes : bytes + Protocol.heapBytes(classic.protocols());
    }

    public boolean usesClassicProtocol() {
        return classic != null;
    }

    public boolean hasRegex() {
        return !regex.isEmpty();
    }
}
