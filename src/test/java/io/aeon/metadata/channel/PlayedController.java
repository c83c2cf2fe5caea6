package io.aeon.metadata.channel;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.utils.Utils;

/**
 * Reads the requests of one connection, and answers those of some APIs as soon as it is to answer them. It takes every
 * heartbeat, and counts every broker that registers as alive already.
 */
public final class PlayedController implements AutoCloseable {
    private static final Map<ApiKeys, ApiMessage> ANSWERS = Map.of(
            ApiKeys.API_VERSIONS, new ApiVersionsResponseData().setApiKeys(versions()),
            ApiKeys.BROKER_HEARTBEAT, new BrokerHeartbeatResponseData(),
            ApiKeys.BROKER_REGISTRATION,
                    new BrokerRegistrationResponseData().setErrorCode(Errors.DUPLICATE_BROKER_REGISTRATION.code()));

    private final List<ApiKeys> received = new CopyOnWriteArrayList<>();
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Set<ApiKeys> answered;
    private final int id;

    /** @param answered the APIs whose requests it is to answer from the beginning */
    public PlayedController(int id, Set<ApiKeys> answered) throws IOException {
        this.id = id;
        this.answered = new HashSet<>(answered);
        Thread thread = new Thread(this::serve, "played-controller-" + id);
        thread.setDaemon(true);
        thread.start();
    }

    public Optional<Node> node() {
        return Optional.of(new Node(id, "127.0.0.1", server.getLocalPort()));
    }

    /** The APIs of all requests so far. */
    public List<ApiKeys> received() {
        return received;
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
        ByteBuffer bytes = RequestUtils.serialize(
                header.toResponseHeader().data(),
                header.toResponseHeader().headerVersion(),
                ANSWERS.get(header.apiKey()),
                header.apiVersion());
        return Utils.toArray(bytes);
    }

    private static ApiVersionCollection versions() {
        ApiVersionCollection versions = new ApiVersionCollection();
        for (ApiKeys api : List.of(ApiKeys.API_VERSIONS, ApiKeys.BROKER_HEARTBEAT, ApiKeys.BROKER_REGISTRATION)) {
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
