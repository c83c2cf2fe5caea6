package io.aeon.network;

import io.aeon.PatientWaits;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;

/** A client that sends any bytes, valid or not. */
final class RawClient implements AutoCloseable {
    private final Socket socket = new Socket();
    private final DataInputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        socket.setSoTimeout((int) PatientWaits.LIMIT.toMillis());
        socket.connect(address);
        in = new DataInputStream(socket.getInputStream());
    }

    Socket socket() {
        return socket;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(ApiKeys api, int version, int correlationId, ApiMessage body) throws IOException {
        send(frame(api, version, correlationId, body));
    }

    /** The next reply without its length field. */
    ByteBuffer reply() throws IOException {
        byte[] reply = new byte[in.readInt()];
        in.readFully(reply);
        return ByteBuffer.wrap(reply);
    }

    /** Reads until the other side closes the connection, and ignores what it reads. */
    void awaitClosed() throws IOException {
        try {
            while (in.read() >= 0) {}
        } catch (java.net.SocketException reset) {
            // a reset connection is closed too
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] frame(ApiKeys api, int version, int correlationId, ApiMessage body) {
        return frame(
                api.id,
                version,
                api.requestHeaderVersion((short) version),
                correlationId,
                MessageUtil.toByteBufferAccessor(body, (short) version).buffer());
    }

    static byte[] frame(short key, int version, short headerVersion, int correlationId, ByteBuffer body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key)
                .setRequestApiVersion((short) version)
                .setCorrelationId(correlationId)
                .setClientId("test");
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, headerVersion).buffer();
        int size = head.remaining() + body.remaining();
        return ByteBuffer.allocate(Integer.BYTES + size)
                .putInt(size)
                .put(head)
                .put(body.duplicate())
                .array();
    }
}
