package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.protocol.ApiKeys;

/** Things that no client should send, each on a connection of its own. */
final class Attacks {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int REPLY_MILLIS = 500;
    private static final int RANDOM_BYTES = 64 << 10;
    private static final int HALF_FRAMES_OPEN = 50;
    private static final int[] SIZES = {-1, 0, 1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x16030100};

    private final int port;
    private final Random random;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong left = new AtomicLong();

    Attacks(int port, long seed) {
        this.port = port;
        random = new Random(seed);
    }

    /** A way to attack; each call is one attack or a batch of it. */
    interface Attack {
        void run() throws IOException;
    }

    List<Attack> all() {
        return List.of(this::randomBytes, this::sizes, this::halfFrames, this::emptyBodies, this::randomBodies);
    }

    /** Attacks made. */
    long done() {
        return done.get();
    }

    /** Impossible sizes whose connection the broker left open. */
    long leftOpen() {
        return left.get();
    }

    private void randomBytes() throws IOException {
        byte[] bytes = new byte[1 + random.nextInt(RANDOM_BYTES)];
        random.nextBytes(bytes);
        send(bytes);
    }

    private void sizes() throws IOException {
        for (int size : SIZES) {
            try (Wire wire = connect()) {
                wire.raw(ByteBuffer.allocate(4 + 16).putInt(size).array());
                if (size < 0 && !wire.closedByBroker()) {
                    left.incrementAndGet();
                }
            }
        }
    }

    /** Held open until there are enough of them, then dropped. */
    private void halfFrames() throws IOException {
        List<Wire> open = new ArrayList<>();
        try {
            for (int i = 0; i < HALF_FRAMES_OPEN; i++) {
                byte[] frame = Wire.frame(random.nextInt(70), 0, i, new byte[200]);
                Wire wire = connect();
                open.add(wire);
                wire.raw(Arrays.copyOf(frame, 1 + random.nextInt(frame.length - 1)));
            }
        } finally {
            for (Wire wire : open) {
                wire.close();
            }
        }
    }

    /** Every API in every version, and some that do not exist; with the end of a flexible header and without. */
    private void emptyBodies() throws IOException {
        int highest =
                Arrays.stream(ApiKeys.values()).mapToInt(key -> key.id).max().orElseThrow();
        for (int key = -1; key <= highest + 2; key++) {
            int versions = key >= 0 && ApiKeys.hasId(key) ? ApiKeys.forId(key).latestVersion(true) + 1 : 1;
            for (int version = -1; version <= versions; version++) {
                send(Wire.frame(key, version, version, new byte[0]));
                send(Wire.frame(key, version, version, new byte[1]));
            }
        }
    }

    private void randomBodies() throws IOException {
        ApiKeys key = ApiKeys.values()[random.nextInt(ApiKeys.values().length)];
        byte[] body = new byte[random.nextInt(300)];
        random.nextBytes(body);
        send(Wire.frame(key.id, random.nextInt(Math.max(1, key.latestVersion(true) + 1)), 1, body));
    }

    /** Sends it and takes what comes: a reply, a close, or nothing. */
    private void send(byte[] bytes) throws IOException {
        try (Wire wire = new Wire(port, REPLY_MILLIS)) {
            wire.raw(bytes);
            wire.reply();
        } catch (IOException closedOrSilent) {
            return;
        } finally {
            done.incrementAndGet();
        }
    }

    private Wire connect() throws IOException {
        done.incrementAndGet();
        return new Wire(port, TIMEOUT_MILLIS);
    }
}
