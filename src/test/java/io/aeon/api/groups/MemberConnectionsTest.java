package io.aeon.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.ClientConnection;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberConnectionsTest {
    private static final long MOST_BYTES = 1 << 20;

    private final List<String> lost = new ArrayList<>();
    private final MemberConnections connections =
            new MemberConnections(MOST_BYTES, (groupId, memberId) -> lost.add(groupId + "/" + memberId));

    private static ClientConnection connection() {
        InetSocketAddress anywhere = new InetSocketAddress(0);
        return new ClientConnection("client", anywhere, anywhere);
    }

    @Test
    void theEndOfAConnectionConcernsAllMembersThatWereHeardOverIt() {
        ClientConnection first = connection();
        connections.heardFrom("g", "a", first);
        connections.heardFrom("g", "a", first);
        connections.heardFrom("h", "b", first);
        connections.heardFrom("g", "c", connection());

        first.ended();

        assertThat(lost).containsExactlyInAnyOrder("g/a", "h/b");
    }

    @Test
    void aMemberWithAnotherConnectionSinceIsNotLost() {
        ClientConnection first = connection();
        ClientConnection second = connection();
        connections.heardFrom("g", "a", first);
        connections.heardFrom("g", "a", second);

        first.ended();
        assertThat(lost).isEmpty();
        second.ended();

        assertThat(lost).containsExactly("g/a");
    }

    @Test
    void membersWithLongIdsTakeNoHeapAndOthersAreFollowed() {
        ClientConnection only = connection();
        String longId = "x".repeat(600);
        for (int i = 0; i < 10_000; i++) {
            connections.heardFrom("g", longId + i, only);
        }
        assertThat(connections.heapBytes()).isZero();

        connections.heardFrom("g", "a", only);
        only.ended();

        assertThat(lost).containsExactly("g/a");
    }

    @Test
    void allMembersTogetherTakeALimitedHeapUntilTheirConnectionEnds() {
        ClientConnection first = connection();
        for (int i = 0; i < 10_000; i++) {
            connections.heardFrom("g", "member-" + i, first);
        }
        assertThat(connections.heapBytes()).isBetween(MOST_BYTES / 2, MOST_BYTES);

        connections.heardFrom("g", "member-0", connection());
        connections.left("g", "member-1");
        first.ended();
        connections.left("g", "member-0");

        assertThat(lost).hasSizeGreaterThan(1000).doesNotContain("g/member-0", "g/member-1");
        assertThat(connections.heapBytes()).isZero();
    }

    @Test
    void aMemberThatHasLeftIsNotLost() {
        ClientConnection only = connection();
        connections.heardFrom("g", "a", only);

        connections.left("g", "a");
        only.ended();

        assertThat(lost).isEmpty();
    }

    @Test
    void aMemberIsLostWhoseConnectionEndsBeforeItsHeartbeatIsAnswered() {
        ClientConnection only = connection();
        only.ended();

        connections.heardFrom("g", "a", only);

        assertThat(lost).containsExactly("g/a");
    }
}
