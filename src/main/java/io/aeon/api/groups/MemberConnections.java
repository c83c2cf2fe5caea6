package io.aeon.api.groups;

import io.aeon.api.ClientConnection;
import io.aeon.coordinator.TextHeap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Notices when the connection ends over which a member of a group sent its last heartbeat. Thread-safe. */
final class MemberConnections {
    /** Characters of both ids together; members with longer ones are not followed. */
    private static final int LONGEST_IDS = 512;

    /** Heap of a followed member without the characters of its ids. */
    private static final long LINK_BYTES = 256;

    private final ConcurrentMap<Member, Link> links = new ConcurrentHashMap<>();
    private final AtomicLong heapBytes = new AtomicLong();
    private final long mostHeapBytes;
    private final BiConsumer<String, String> lost;

    /**
     * @param mostHeapBytes members beyond these are not followed, because a client can make up any number of them over
     *     one connection
     * @param lost receives the group id and the member id, on any thread; must return at once
     */
    MemberConnections(long mostHeapBytes, BiConsumer<String, String> lost) {
        this.mostHeapBytes = mostHeapBytes;
        this.lost = lost;
    }

    /** Estimated bytes of heap that the followed members take. */
    long heapBytes() {
        return heapBytes.get();
    }

    /** The member has sent a heartbeat over this connection. */
    void heardFrom(String groupId, String memberId, ClientConnection connection) {
        Member member = new Member(groupId, memberId);
        Link known = links.get(member);
        if (known == null ? !isAdmitted(member) : known.connection == connection) {
            return;
        }
        Link link = new Link(member, connection);
        heapBytes.addAndGet(member.heapBytes());
        Link before = links.put(member, link);
        forget(before);
        link.end = connection.onEnd(link);
        cancel(before);
    }

    /** The member has left its group. */
    void left(String groupId, String memberId) {
        Link link = links.remove(new Member(groupId, memberId));
        forget(link);
        cancel(link);
    }

    private boolean isAdmitted(Member member) {
        return member.groupId().length() + member.memberId().length() <= LONGEST_IDS
                && heapBytes.get() + member.heapBytes() <= mostHeapBytes;
    }

    private void forget(@Nullable Link removed) {
        if (removed != null) {
            heapBytes.addAndGet(-removed.member.heapBytes());
        }
    }

    private static void cancel(@Nullable Link link) {
        if (link != null && link.end != null) {
            link.end.cancel();
        }
    }

    private record Member(String groupId, String memberId) {
        long heapBytes() {
            return LINK_BYTES + TextHeap.of(groupId) + TextHeap.of(memberId);
        }
    }

    /** Runs at the end of the connection. */
    private final class Link implements Runnable {
        private final Member member;
        private final ClientConnection connection;
        private volatile ClientConnection.@Nullable Registration end;

        Link(Member member, ClientConnection connection) {
            this.member = member;
            this.connection = connection;
        }

        @Override
        public void run() {
            if (links.remove(member, this)) {
                forget(this);
                lost.accept(member.groupId(), member.memberId());
            }
        }
    }
}
