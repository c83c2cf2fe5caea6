package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.embedded.Aeon;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** A connection that sends any version of any API, one request at a time. */
public final class WireClient implements AutoCloseable {
    private static final int PATIENCE_MS = (int) PatientWaits.LIMIT.toMillis();

    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;

    WireClient(String host, int port) {
        this(host, port, PATIENCE_MS);
    }

    /** A connection to the controller of a node. */
    static WireClient controllerOf(Aeon node) {
        String[] address = node.controller().orElseThrow().split(":", -1);
        return new WireClient(address[0], Integer.parseInt(address[1]));
    }

    /** @param patienceMs the time to wait for a reply; after it the call fails with a SocketTimeoutException */
    public WireClient(String host, int port, int patienceMs) {
        try {
            socket = new Socket(host, port);
            socket.setSoTimeout(patienceMs);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request and returns its reply, which must have the request's correlation id and no extra byte. */
    public <T extends ApiMessage> T call(ApiKeys api, int version, ApiMessage request, Class<T> type) {
        return type.cast(call(api, version, request));
    }

    public ApiMessage call(ApiKeys api, int version, ApiMessage request) {
        send(api, version, request);
        return receive(api, version);
    }

    public void send(ApiKeys api, int version, ApiMessage request) {
        send(
                api,
                version,
                MessageUtil.toByteBufferAccessor(request, (short) version).buffer());
    }

    /** Sends a request whose body may be anything. */
    public void send(ApiKeys api, int version, ByteBuffer body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion((short) version)
                .setCorrelationId(++correlationId)
                .setClientId("wire");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion((short) version))
                .buffer();
        int size = head.remaining() + body.remaining();
        try {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(Integer.BYTES + size)
                            .putInt(size)
                            .put(head)
                            .put(body)
                            .array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ApiMessage receive(ApiKeys api, int version) {
        ByteBuffer reply;
        try {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            reply = ByteBuffer.wrap(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(reply);
        ResponseHeaderData header = new ResponseHeaderData(readable, api.responseHeaderVersion((short) version));
        assertThat(header.correlationId()).isEqualTo(correlationId);
        ApiMessage response = api.messageType.newResponse();
        response.read(readable, (short) version);
        assertThat(reply.remaining()).describedAs("bytes after the reply").isZero();
        return response;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
