package io.aeon.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.ClientConnection;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberConnectionsTest {
    private final List<String> lost = new ArrayList<>();
    private final MemberConnections connections =
            new MemberConnections((groupId, memberId) -> lost.add(groupId + "/" + memberId));

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
