package io.aeon.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Requests about topics, each over a connection of its own, because the project may have no Kafka client. The
 * connection is not encrypted.
 */
final class TopicRequests {
    private static final int METADATA = 3;
    private static final int CREATE_TOPICS = 19;
    /** Of both APIs. */
    private static final int VERSION = 4;

    private static final int DEFAULT_REPLICATION = -1;
    private static final int NONE = 0;
    private static final int TOPIC_ALREADY_EXISTS = 36;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TopicRequests() {}

    /** Writes the body of a request. */
    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /** Reads what follows the header of a reply. */
    private interface Reply<T> {
        T readFrom(DataInputStream in) throws IOException;
    }

    /** Creates the topic, unless it exists. */
    static void create(String hostAndPort, String topic, int partitions) {
        String refusal = call(
                hostAndPort,
                CREATE_TOPICS,
                out -> {
                    out.writeInt(1); // topics
                    out.writeUTF(topic);
                    out.writeInt(partitions);
                    out.writeShort(DEFAULT_REPLICATION);
                    out.writeInt(0); // assignments
                    out.writeInt(0); // settings
                    out.writeInt((int) LIMIT.toMillis());
                    out.writeBoolean(false); // validate only
                },
                TopicRequests::refusal);
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException("the topic " + topic + " is refused: " + refusal);
        }
    }

    /** Empty if there is none. */
    private static String refusal(DataInputStream in) throws IOException {
        in.readInt(); // throttle time
        in.readInt(); // topics
        in.readUTF();
        int error = in.readShort();
        int reasonLength = in.readShort();
        if (error == NONE || error == TOPIC_ALREADY_EXISTS) {
            return "";
        }
        return reasonLength < 0 ? "error code " + error : new String(in.readNBytes(reasonLength), UTF_8);
    }

    /** Number of partitions of the topic; 0 if there is no such topic. */
    static int partitions(String hostAndPort, String topic) {
        return call(
                hostAndPort,
                METADATA,
                out -> {
                    out.writeInt(1); // topics
                    out.writeUTF(topic);
                    out.writeBoolean(false); // create a topic that does not exist
                },
                TopicRequests::partitions);
    }

    private static int partitions(DataInputStream in) throws IOException {
        in.readInt(); // throttle time
        int brokers = in.readInt();
        for (int i = 0; i < brokers; i++) {
            in.readInt(); // id
            in.readUTF(); // host
            in.readInt(); // port
            skipNullable(in); // rack
        }
        skipNullable(in); // cluster id
        in.readInt(); // controller
        in.readInt(); // topics
        in.readShort(); // error, in which case there are no partitions
        in.readUTF();
        in.readBoolean(); // internal
        return in.readInt();
    }

    private static void skipNullable(DataInputStream in) throws IOException {
        int length = in.readShort();
        in.skipNBytes(Math.max(length, 0));
    }

    private static <T> T call(String hostAndPort, int api, Body body, Reply<T> reply) {
        int colon = hostAndPort.lastIndexOf(':');
        InetSocketAddress address = new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) LIMIT.toMillis());
            socket.setSoTimeout((int) LIMIT.toMillis());
            byte[] request = request(api, body);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.length);
            out.write(request);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt(); // size
            in.readInt(); // correlation id
            return reply.readFrom(in);
        } catch (IOException e) {
            throw new IllegalStateException("the broker at " + hostAndPort + " does not answer: " + e.getMessage(), e);
        }
    }

    private static byte[] request(int api, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(api);
        out.writeShort(VERSION);
        out.writeInt(0); // correlation id
        out.writeUTF("aeon-test"); // client id
        body.writeTo(out);
        return bytes.toByteArray();
    }
}
