package io.aeon.benchmarks.acceptance;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stands between clients and the broker, and can hold one request back. A held request reaches the broker even when its
 * client has given it up meanwhile.
 */
final class HoldingProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int broker;
    private final AtomicReference<Hold> armed = new AtomicReference<>();

    /** One request on its way: caught when it is here, delivered when the broker's answer has come. */
    static final class Hold {
        private final ApiKeys api;
        private final CountDownLatch caught = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final CountDownLatch delivered = new CountDownLatch(1);

        private Hold(ApiKeys api) {
            this.api = api;
        }

        void awaitCaught() throws InterruptedException {
            caught.await();
        }

        /** Returns when the broker has answered. */
        void deliver() throws InterruptedException {
            released.countDown();
            delivered.await();
        }
    }

    HoldingProxy(int broker) throws IOException {
        this.broker = broker;
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Holds the next request of that kind. */
    Hold holdNext(ApiKeys api) {
        Hold hold = new Hold(api);
        armed.set(hold);
        return hold;
    }

    private interface Work {
        void run() throws Exception;
    }

    /** A connection that breaks ends its own thread only. */
    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception closed) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            daemon(() -> serve(client));
        }
    }

    /** One request after the other: a client's pipelining is not needed here. */
    private void serve(Socket client) throws Exception {
        try (client;
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), broker)) {
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            DataInputStream requests = new DataInputStream(client.getInputStream());
            DataInputStream replies = new DataInputStream(upstream.getInputStream());
            while (true) {
                byte[] request = frame(requests);
                Hold hold = holdOf(request);
                if (hold != null) {
                    hold.caught.countDown();
                    hold.released.await();
                }
                send(upstream, request);
                byte[] reply = frame(replies);
                if (hold != null) {
                    hold.delivered.countDown();
                }
                send(client, redirected(reply));
            }
        }
    }

    private Hold holdOf(byte[] request) {
        Hold hold = armed.get();
        boolean wanted = hold != null && ByteBuffer.wrap(request).getShort() == hold.api.id;
        return wanted && armed.compareAndSet(hold, null) ? hold : null;
    }

    /** Wherever the broker names its own address, the proxy puts its port. */
    private byte[] redirected(byte[] reply) {
        byte[] host = "127.0.0.1".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer own = ByteBuffer.allocate(host.length + Integer.BYTES)
                .put(host)
                .putInt(broker)
                .flip();
        ByteBuffer bytes = ByteBuffer.wrap(reply);
        for (int at = 0; at + own.limit() <= reply.length; at++) {
            if (bytes.slice(at, own.limit()).equals(own)) {
                bytes.putInt(at + host.length, port());
            }
        }
        return reply;
    }

    private static byte[] frame(DataInputStream in) throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    private static void send(Socket to, byte[] frame) throws IOException {
        DataOutputStream out = new DataOutputStream(to.getOutputStream());
        out.write(ByteBuffer.allocate(Integer.BYTES + frame.length)
                .putInt(frame.length)
                .put(frame)
                .array());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
