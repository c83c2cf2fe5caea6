package io.aeon.network;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one request as they arrive. Its array grows with them, so that a size which is only announced takes
 * nothing. Used on the connection's own thread.
 */
final class ArrivingFrame {
    /** The array of an incomplete request has room for this many times the bytes that have arrived. */
    private static final long AHEAD = 4;

    private static final long LEAST_ROOM = 2 << 10;

    /** The frame's length and API key, which determine how much memory to claim for the frame. */
    private final ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + Short.BYTES);

    private byte @Nullable [] bytes;
    private int filled = Short.BYTES;

    boolean isEmpty() {
        return head.position() == 0;
    }

    /** Takes what is missing of the length and the API key. */
    void takeHead(ByteBuffer arrived) {
        while (arrived.hasRemaining() && head.hasRemaining()) {
            head.put(arrived.get());
        }
    }

    boolean hasSize() {
        return head.position() >= Integer.BYTES;
    }

    boolean hasHead() {
        return !head.hasRemaining();
    }

    /** Bytes of the request without its length field. */
    int size() {
        return head.getInt(0);
    }

    short apiKey() {
        return head.getShort(Integer.BYTES);
    }

    /** Bytes that have arrived, without the length field. */
    int filled() {
        return filled;
    }

    int missing() {
        return size() - filled;
    }

    /** Bytes of the array for what has arrived and {@code more} bytes: the size of the request if that is all. */
    int roomFor(int more) {
        return more == missing() ? size() : (int) Math.min(size(), Math.max(LEAST_ROOM, AHEAD * (filled + more)));
    }

    /** Takes {@code count} bytes into an array of at least {@code room} bytes. */
    void take(ByteBuffer arrived, int count, int room) {
        byte[] target = withRoom(room);
        arrived.get(target, filled, count);
        filled += count;
        bytes = target;
    }

    private byte[] withRoom(int room) {
        byte[] present = bytes;
        if (present == null) {
            byte[] made = new byte[room];
            head.get(Integer.BYTES, made, 0, Short.BYTES);
            return made;
        }
        return present.length < room ? Arrays.copyOf(present, room) : present;
    }

    /** Returns the complete request and begins the next one. */
    byte[] complete() {
        byte[] whole = Objects.requireNonNull(bytes);
        clear();
        return whole;
    }

    void clear() {
        head.clear();
        bytes = null;
        filled = Short.BYTES;
    }
}
