package io.aeon.api.groups;

import io.aeon.api.ClientConnection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Notices when the connection ends over which a member of a group sent its last heartbeat. Thread-safe. */
final class MemberConnections {
    /** Members beyond these are not followed, because a client can make up any number of them over one connection. */
    private static final int MOST_MEMBERS = 100_000;

    private final ConcurrentMap<Member, Link> links = new ConcurrentHashMap<>();
    private final BiConsumer<String, String> lost;

    /** @param lost receives the group id and the member id, on any thread; must return at once */
    MemberConnections(BiConsumer<String, String> lost) {
        this.lost = lost;
    }

    /** The member has sent a heartbeat over this connection. */
    void heardFrom(String groupId, String memberId, ClientConnection connection) {
        Member member = new Member(groupId, memberId);
        Link known = links.get(member);
        if ((known == null && links.size() >= MOST_MEMBERS) || (known != null && known.connection == connection)) {
            return;
        }
        Link link = new Link(member, connection);
        Link before = links.put(member, link);
        link.end = connection.onEnd(link);
        cancel(before);
    }

    /** The member has left its group. */
    void left(String groupId, String memberId) {
        cancel(links.remove(new Member(groupId, memberId)));
    }

    private static void cancel(@Nullable Link link) {
        if (link != null && link.end != null) {
            link.end.cancel();
        }
    }

    private record Member(String groupId, String memberId) {}

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
                lost.accept(member.groupId(), member.memberId());
            }
        }
    }
}
