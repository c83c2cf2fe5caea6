package io.aeon.api.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.ClientConnection;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AbandonedRequestsTest {
    private final List<Abandoned> told = new ArrayList<>();
    private final AbandonedRequests requests = new AbandonedRequests((groupId, abandoned) -> told.add(abandoned));
    private final CompletableFuture<String> reply = new CompletableFuture<>();
    private final ClientConnection connection = connection();

    private static ClientConnection connection() {
        InetSocketAddress anywhere = new InetSocketAddress(0);
        return new ClientConnection("client", anywhere, anywhere);
    }

    @Test
    void theGroupIsToldWhenTheConnectionEndsBeforeTheReply() {
        requests.follow("g", reply, connection);
        assertThat(told).isEmpty();

        connection.ended();

        assertThat(told).containsExactly(new Abandoned(reply));
    }

    @Test
    void theGroupIsToldOfAConnectionThatHasEndedAlready() {
        connection.ended();

        requests.follow("g", reply, connection);

        assertThat(told).containsExactly(new Abandoned(reply));
    }

    @Test
    void theGroupIsNotToldOfARequestThatHasItsReply() {
        requests.follow("g", reply, connection);
        reply.complete("reply");

        connection.ended();

        assertThat(told).isEmpty();
    }
}
