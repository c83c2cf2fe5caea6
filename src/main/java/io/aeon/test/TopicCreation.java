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
 * A CreateTopics request (version 4) over a connection of its own, because the project may have no Kafka client. The
 * connection is not encrypted.
 */
final class TopicCreation {
    private static final int CREATE_TOPICS = 19;
    private static final int VERSION = 4;
    private static final int DEFAULT_REPLICATION = -1;
    private static final int NONE = 0;
    private static final int TOPIC_ALREADY_EXISTS = 36;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TopicCreation() {}

    /** Creates the topic, unless it exists. */
    static void create(String hostAndPort, String topic, int partitions) {
        int colon = hostAndPort.lastIndexOf(':');
        InetSocketAddress address = new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) LIMIT.toMillis());
            socket.setSoTimeout((int) LIMIT.toMillis());
            byte[] request = request(topic, partitions);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.length);
            out.write(request);
            readReply(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new IllegalStateException("the broker at " + hostAndPort + " does not answer: " + e.getMessage(), e);
        }
    }

    private static byte[] request(String topic, int partitions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(CREATE_TOPICS);
        out.writeShort(VERSION);
        out.writeInt(0); // correlation id
        out.writeUTF("aeon-test"); // client id
        out.writeInt(1); // topics
        out.writeUTF(topic);
        out.writeInt(partitions);
        out.writeShort(DEFAULT_REPLICATION);
        out.writeInt(0); // assignments
        out.writeInt(0); // settings
        out.writeInt((int) LIMIT.toMillis());
        out.writeBoolean(false); // validate only
        return bytes.toByteArray();
    }

    private static void readReply(DataInputStream in) throws IOException {
        in.readInt(); // size
        in.readInt(); // correlation id
        in.readInt(); // throttle time
        in.readInt(); // topics
        String topic = in.readUTF();
        int error = in.readShort();
        int reasonLength = in.readShort();
        if (error != NONE && error != TOPIC_ALREADY_EXISTS) {
            String reason = reasonLength < 0 ? "error code " + error : new String(in.readNBytes(reasonLength), UTF_8);
            throw new IllegalArgumentException("the topic " + topic + " is refused: " + reason);
        }
    }
}
