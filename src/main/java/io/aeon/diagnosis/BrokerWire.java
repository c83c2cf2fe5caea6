package io.aeon.diagnosis;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * A connection to one broker, for requests that Kafka's admin client does not send, or would send to another broker.
 * Not thread-safe.
 */
final class BrokerWire implements AutoCloseable {
    private static final int LONGEST_REPLY = 100 << 20;
    private static final String NOT_KAFKA =
            "what listens there speaks another protocol than Kafka's, HTTP or TLS for example";

    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;

    /** @param timeoutMs bound of the connect to each address of {@code host}, and of each answer */
    BrokerWire(String host, int port, int timeoutMs) throws IOException {
        socket = connect(host, port, timeoutMs);
        try {
            socket.setSoTimeout(timeoutMs);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket connect(String host, int port, int timeoutMs) throws IOException {
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), timeoutMs);
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure != null ? failure : new UnknownHostException(host);
    }

    /** Sends the request, and reads the answer into {@code reply}. */
    void call(ApiKeys api, short version, ApiMessage request, ApiMessage reply) throws IOException {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(++correlationId)
                .setClientId("aeon");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        int size = head.remaining() + body.remaining();
        socket.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + size)
                        .putInt(size)
                        .put(head)
                        .put(body)
                        .array());
        ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.wrap(frame()));
        try {
            new ResponseHeaderData(bytes, api.responseHeaderVersion(version));
            reply.read(bytes, version);
        } catch (RuntimeException e) {
            throw new IOException(NOT_KAFKA, e);
        }
    }

    private byte[] frame() throws IOException {
        try {
            int length = in.readInt();
            if (length < 0 || length > LONGEST_REPLY) {
                throw new IOException(NOT_KAFKA);
            }
            byte[] frame = new byte[length];
            in.readFully(frame);
            return frame;
        } catch (EOFException e) {
            throw new IOException(
                    "the connection was closed without an answer; a listener with TLS or authentication does that", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
