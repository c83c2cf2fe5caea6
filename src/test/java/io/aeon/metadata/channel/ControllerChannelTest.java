package io.aeon.metadata.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.BrokerHeartbeatRequest;
import org.apache.kafka.common.requests.BrokerHeartbeatResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
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
        await().until(() -> silent.received.contains(ApiKeys.BROKER_HEARTBEAT));

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
        await().until(() -> silent.received.contains(ApiKeys.API_VERSIONS));

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
        await().until(() -> slow.received.contains(ApiKeys.BROKER_HEARTBEAT));

        leader = Optional.empty();
        channel.leaderChanged();
        slow.answers(ApiKeys.BROKER_HEARTBEAT);

        assertThat(PatientWaits.done(answer)).isInstanceOf(BrokerHeartbeatResponse.class);
        assertThat(slow.received).containsOnlyOnce(ApiKeys.BROKER_HEARTBEAT);
    }

    /** Reads requests, and answers those of some APIs as soon as it is to answer them. */
    private static final class PlayedController implements AutoCloseable {
        private final List<ApiKeys> received = new CopyOnWriteArrayList<>();
        private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final Set<ApiKeys> answered;
        private final int id;

        PlayedController(int id, Set<ApiKeys> answered) throws IOException {
            this.id = id;
            this.answered = new HashSet<>(answered);
            Thread thread = new Thread(this::serve, "played-controller-" + id);
            thread.setDaemon(true);
            thread.start();
        }

        Optional<Node> node() {
            return Optional.of(new Node(id, "127.0.0.1", server.getLocalPort()));
        }

        synchronized void answers(ApiKeys api) {
            answered.add(api);
            notifyAll();
        }

        private synchronized void awaitTurn(ApiKeys api) throws InterruptedException {
            while (!answered.contains(api)) {
                wait();
            }
        }

        private void serve() {
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                while (true) {
                    RequestHeader header = RequestHeader.parse(ByteBuffer.wrap(in.readNBytes(in.readInt())));
                    received.add(header.apiKey());
                    awaitTurn(header.apiKey());
                    byte[] answer = answer(header);
                    out.writeInt(answer.length);
                    out.write(answer);
                }
            } catch (IOException closed) {
                return;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static byte[] answer(RequestHeader header) {
            short version = header.apiVersion();
            AbstractResponse response = header.apiKey() == ApiKeys.API_VERSIONS
                    ? new ApiVersionsResponse(new ApiVersionsResponseData().setApiKeys(versions()))
                    : new BrokerHeartbeatResponse(new BrokerHeartbeatResponseData());
            ByteBuffer bytes = RequestUtils.serialize(
                    header.toResponseHeader().data(),
                    header.toResponseHeader().headerVersion(),
                    response.data(),
                    version);
            return Utils.toArray(bytes);
        }

        private static ApiVersionCollection versions() {
            ApiVersionCollection versions = new ApiVersionCollection();
            for (ApiKeys api : List.of(ApiKeys.API_VERSIONS, ApiKeys.BROKER_HEARTBEAT)) {
                versions.add(new ApiVersion()
                        .setApiKey(api.id)
                        .setMinVersion(api.oldestVersion())
                        .setMaxVersion(api.latestVersion()));
            }
            return versions;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
