package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sends requests made before, in turn and each over the next connection: what a broker can take, not a client. */
public final class RawRequests implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final List<Wire> wires = new ArrayList<>();
    private final List<ByteBuffer> frames;
    private final Check check;
    private long sent;
    private long answered;

    /** What each reply has to pass. */
    public interface Check {
        void that(byte[] reply) throws IOException;
    }

    public RawRequests(int port, int connections, List<ByteBuffer> frames, Check check) throws IOException {
        this.frames = frames;
        this.check = check;
        for (int i = 0; i < connections; i++) {
            wires.add(new Wire(port, TIMEOUT_MILLIS));
        }
    }

    /** Has that many more requests answered, {@code inFlight} under way at once over all connections. */
    public void send(int requests, int inFlight) throws IOException {
        long last = sent + requests;
        while (answered < last) {
            while (sent < last && sent - answered < inFlight) {
                turn(wires, sent).send(turn(frames, sent));
                sent++;
            }
            check.that(turn(wires, answered).reply());
            answered++;
        }
    }

    private static <T> T turn(List<T> all, long number) {
        return all.get((int) (number % all.size()));
    }

    @Override
    public void close() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
    }
}
