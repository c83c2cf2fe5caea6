package io.aeon.benchmarks.broker;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** One raw connection to a broker, for what a client library hides or is too slow to show. */
public final class Wire implements AutoCloseable {
    private static final int LARGEST_REPLY = 64 << 20;
    private static final short METADATA_VERSION = 4;
    private static final short FETCH_VERSION = 11;
    private static final int ONE_MIB = 1 << 20;
    private static final int BUFFER = 256;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;
    private int correlationId;

    public Wire(int port, int timeoutMillis) throws IOException {
        this("127.0.0.1", port, timeoutMillis);
    }

    public Wire(String host, int port, int timeoutMillis) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
            out = new DataOutputStream(socket.getOutputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends bytes as they are. */
    public void raw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Sends a whole frame that is kept for the next time. */
    public void send(ByteBuffer frame) throws IOException {
        out.write(frame.array(), frame.arrayOffset(), frame.limit());
    }

    /** A frame of a request as Kafka's clients write it. */
    public static ByteBuffer frame(AbstractRequest request, RequestHeader header) {
        ByteBuffer bytes = request.serializeWithHeader(header);
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.remaining());
        return frame.putInt(bytes.remaining()).put(bytes).flip();
    }

    /** The next reply, without its length. */
    public byte[] reply() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LARGEST_REPLY) {
            throw new IOException("a reply of length " + length);
        }
        byte[] reply = new byte[length];
        in.readFully(reply);
        return reply;
    }

    /** Reads until the broker closes the connection, at most for the timeout. */
    public boolean closedByBroker() throws IOException {
        try {
            while (in.skip(1) >= 0) {
                in.readByte();
            }
            return true;
        } catch (EOFException e) {
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /** A whole request frame with a header of version 1, which every broker reads up to the API's flexible versions. */
    public static byte[] frame(int apiKey, int version, int correlationId, byte[] body) {
        byte[] client = "bench".getBytes(StandardCharsets.US_ASCII);
        int length = 2 + 2 + 4 + 2 + client.length + body.length;
        return ByteBuffer.allocate(4 + length)
                .putInt(length)
                .putShort((short) apiKey)
                .putShort((short) version)
                .putInt(correlationId)
                .putShort((short) client.length)
                .put(client)
                .put(body)
                .array();
    }

    /** Asks for the brokers and no topic; written by hand, so that the first one of a JVM is as fast as any. */
    public boolean knowsBrokers() throws IOException {
        byte[] noTopicsNoCreation = new byte[5];
        raw(frame(ApiKeys.METADATA.id, METADATA_VERSION, ++correlationId, noTopicsNoCreation));
        int brokersAt = 4 + 4;
        return ByteBuffer.wrap(reply()).getInt(brokersAt) > 0;
    }

    /** Whether this many partitions of the topic have a leader. */
    public boolean leads(String topic, int partitions) throws IOException {
        RequestHeader header = new RequestHeader(ApiKeys.METADATA, METADATA_VERSION, "bench", ++correlationId);
        send(frame(new MetadataRequest.Builder(List.of(topic), false).build(METADATA_VERSION), header));
        MetadataResponse response = (MetadataResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply()), header);
        return response.topicMetadata().stream()
                        .flatMap(metadata -> metadata.partitionMetadata().stream())
                        .filter(partition -> partition.error.code() == 0 && partition.leaderId.isPresent())
                        .count()
                == partitions;
    }

    /** How a fetch from that offset is answered. */
    public Errors fetchError(TopicPartition partition, long offset) throws IOException {
        var wanted = new FetchRequest.PartitionData(Uuid.ZERO_UUID, offset, -1, ONE_MIB, Optional.empty());
        RequestHeader header = new RequestHeader(ApiKeys.FETCH, FETCH_VERSION, "bench", ++correlationId);
        send(frame(
                FetchRequest.Builder.forConsumer(FETCH_VERSION, 100, 1, Map.of(partition, wanted))
                        .build(FETCH_VERSION),
                header));
        FetchResponse response = (FetchResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply()), header);
        return Errors.forCode(
                response.data().responses().get(0).partitions().get(0).errorCode());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
