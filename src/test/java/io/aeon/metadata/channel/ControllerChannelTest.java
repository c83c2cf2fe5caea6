package io.aeon.metadata.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.BrokerHeartbeatRequest;
import org.apache.kafka.common.requests.BrokerHeartbeatResponse;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request finds the active controller while controllers fall silent: nobody resets the connections of a cut link. */
class ControllerChannelTest {
    private static final int NEVER_MS = 3_600_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private volatile Optional<Node> leader = Optional.empty();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        scheduler.shutdownNow();
    }

    private ControllerChannel channel() {
        ControllerChannel channel =
                new ControllerChannel("channel-test", () -> leader, NEVER_MS, scheduler, Time.SYSTEM);
        open.add(0, channel);
        return channel;
    }

    private PlayedController controller(int id, ApiKeys... answered) throws IOException {
        PlayedController controller = new PlayedController(id, Set.of(answered));
        open.add(controller);
        return controller;
    }

    private static CompletableFuture<AbstractResponse> heartbeat(ControllerChannel channel) {
        return channel.send(new BrokerHeartbeatRequest.Builder(new BrokerHeartbeatRequestData()), NEVER_MS);
    }

    @Test
    void aRequestInFlightToAFormerLeaderIsSentToTheNextOne() throws Exception {
        PlayedController silent = controller(1, ApiKeys.API_VERSIONS);
        PlayedController next = controller(2, ApiKeys.API_VERSIONS, ApiKeys.BROKER_HEARTBEAT);
        leader = silent.node();
        ControllerChannel channel = channel();
        CompletableFuture<AbstractResponse> answer = heartbeat(channel);
        await().until(() -> silent.received().contains(ApiKeys.BROKER_HEARTBEAT));

        leader = next.node();
        channel.leaderChanged();

        assertThat(PatientWaits.done(answer)).isInstanceOf(BrokerHeartbeatResponse.class);
    }

    @Test
    void aRequestThatWaitsForTheConnectionToAFormerLeaderIsSentToTheNextOne() throws Exception {
        PlayedController silent = controller(1);
        PlayedController next = controller(2, ApiKeys.API_VERSIONS, ApiKeys.BROKER_HEARTBEAT);
        leader = silent.node();
        ControllerChannel channel = channel();
        CompletableFuture<AbstractResponse> answer = heartbeat(channel);
        await().until(() -> silent.received().contains(ApiKeys.API_VERSIONS));

        leader = next.node();
        channel.leaderChanged();

        assertThat(PatientWaits.done(answer)).isInstanceOf(BrokerHeartbeatResponse.class);
    }

    @Test
    void leadersMayChangeBeforeTheFirstRequest() throws Exception {
        PlayedController next = controller(2, ApiKeys.API_VERSIONS, ApiKeys.BROKER_HEARTBEAT);
        leader = controller(1).node();
        ControllerChannel channel = channel();
        channel.leaderChanged();
        leader = next.node();
        channel.leaderChanged();

        assertThat(PatientWaits.done(heartbeat(channel))).isInstanceOf(BrokerHeartbeatResponse.class);
    }

    @Test
    void aRequestStaysWithTheLeaderWhileNoOtherOneIsKnown() throws Exception {
        PlayedController slow = controller(1, ApiKeys.API_VERSIONS);
        leader = slow.node();
        ControllerChannel channel = channel();
        CompletableFuture<AbstractResponse> answer = heartbeat(channel);
        await().until(() -> slow.received().contains(ApiKeys.BROKER_HEARTBEAT));

        leader = Optional.empty();
        channel.leaderChanged();
        slow.answers(ApiKeys.BROKER_HEARTBEAT);

        assertThat(PatientWaits.done(answer)).isInstanceOf(BrokerHeartbeatResponse.class);
        assertThat(slow.received()).containsOnlyOnce(ApiKeys.BROKER_HEARTBEAT);
    }
}
