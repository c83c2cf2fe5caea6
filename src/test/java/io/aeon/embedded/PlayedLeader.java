package io.aeon.embedded;

import io.aeon.PatientWaits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** A broker that leads partitions as a test tells it: the test gets each request and gives its answer. */
final class PlayedLeader implements AutoCloseable {
    private final ServerSocket server;
    private final BlockingQueue<ApiMessage> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<ApiMessage> answers = new LinkedBlockingQueue<>();
    private volatile Socket connection;

    PlayedLeader() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "played-leader");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next request, which has to be of this type. */
    <T extends ApiMessage> T asked(Class<T> type) {
        return type.cast(take(asked));
    }

    /** The answer to the next request that has none. */
    void answer(ApiMessage answer) {
        answers.add(answer);
    }

    /** Closes the connection without an answer to the request under way. */
    void hangUp() throws IOException {
        connection.close();
    }

    private static ApiMessage take(BlockingQueue<ApiMessage> queue) {
        try {
            ApiMessage message = queue.poll(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing came");
            }
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket accepted = server.accept()) {
                connection = accepted;
                DataInputStream in = new DataInputStream(accepted.getInputStream());
                DataOutputStream out = new DataOutputStream(accepted.getOutputStream());
                while (true) {
                    byte[] frame = new byte[in.readInt()];
                    in.readFully(frame);
                    reply(ByteBuffer.wrap(frame), out);
                }
            } catch (IOException e) {
                // The follower or the test has ended the connection.
            }
        }
    }

    private void reply(ByteBuffer frame, DataOutputStream out) throws IOException {
        ApiKeys api = ApiKeys.forId(frame.getShort(0));
        short version = frame.getShort(Short.BYTES);
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        RequestHeaderData header = new RequestHeaderData(readable, api.requestHeaderVersion(version));
        ApiMessage request = api.messageType.newRequest();
        request.read(readable, version);
        ApiMessage answer = api == ApiKeys.API_VERSIONS ? versions() : given(request);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(
                        new ResponseHeaderData().setCorrelationId(header.correlationId()),
                        api.responseHeaderVersion(version))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(answer, version).buffer();
        ByteBuffer all = ByteBuffer.allocate(Integer.BYTES + head.remaining() + body.remaining())
                .putInt(head.remaining() + body.remaining())
                .put(head)
                .put(body);
        out.write(all.array());
        out.flush();
    }

    private ApiMessage given(ApiMessage request) {
        asked.add(request);
        return take(answers);
    }

    private static ApiVersionsResponseData versions() {
        ApiVersionsResponseData versions = new ApiVersionsResponseData();
        for (ApiKeys api : new ApiKeys[] {ApiKeys.API_VERSIONS, ApiKeys.FETCH, ApiKeys.LIST_OFFSETS}) {
            versions.apiKeys()
                    .add(new ApiVersion()
                            .setApiKey(api.id)
                            .setMinVersion(api.oldestVersion())
                            .setMaxVersion(api.latestVersion()));
        }
        return versions;
    }

    @Override
    public void close() {
        try {
            server.close();
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
