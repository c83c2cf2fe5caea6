package io.aeon.network;

import akka.util.ByteString;
import io.aeon.protocol.ResponseFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The next bytes of one connection. While none of them is on its way through Akka, they are written directly to the
 * socket, as many as it takes at once, and large records without a copy. Through Akka a reply of any size costs several
 * messages between actors. Used by one thread at a time.
 */
final class Outgoing {
    /** Bytes of one write: they fit in a processor's cache on their way from the log to the socket. */
    static final int PIECE = 128 << 10;
    /** Bytes that are copied while the socket is full: a client that does not read occupies no more memory. */
    private static final int PIECE_IF_FULL = 16 << 10;

    /** Bytes of one transfer, so that a client that reads fast does not occupy the thread. */
    private static final int TRANSFER = 1 << 20;

    private final @Nullable GatheringByteChannel socket;
    private ByteString ready = ByteString.emptyByteString();
    private long written;

    /** @param socket non-blocking; null if all bytes must go through Akka */
    Outgoing(@Nullable GatheringByteChannel socket) {
        this.socket = socket;
    }

    boolean isEmpty() {
        return ready.isEmpty();
    }

    /** Bytes that have been passed to the socket or to Akka. */
    long written() {
        return written;
    }

    boolean hasRoom() {
        return ready.size() < PIECE;
    }

    /**
     * Whether the frame's next bytes are needed now. Bytes that can be transferred later are not copied ahead.
     *
     * @param free whether no byte is on its way through Akka
     */
    boolean takes(ResponseFrame frame, boolean free) {
        return ready.size() < piece(free) && (free || socket == null || frame.toBulk() > 0);
    }

    /** Without a socket of its own a connection sends at the size of its pieces. */
    private int piece(boolean free) {
        return free || socket == null ? PIECE : PIECE_IF_FULL;
    }

    /**
     * Moves the next bytes of the frame towards the socket. This may wait for a disk if the records are not in memory.
     * Bytes that have to wait for the client do not keep the array of their frame in memory.
     *
     * @param free whether no byte is on its way through Akka
     * @throws RuntimeException the records cannot be read
     */
    void move(ResponseFrame frame, boolean free) {
        int most = piece(free) - ready.size();
        if (free && socket != null) {
            int toBulk = frame.toBulk();
            if (toBulk > 0) {
                most = Math.min(most, toBulk);
            } else if (ready.isEmpty()) {
                if (transferred(frame, socket)) {
                    return;
                }
                most = PIECE_IF_FULL;
            }
        }
        ByteBuffer bytes = frame.take(most);
        ByteString piece =
                ByteString.fromArrayUnsafe(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        ByteString kept = free ? piece : piece.compact();
        ready = ready.isEmpty() ? kept : ready.concat(kept);
    }

    /**
     * Returns false if the socket is full or the transfer fails. The next copy or write then reports the failure,
     * because it knows whether the records or the socket caused it.
     */
    private boolean transferred(ResponseFrame frame, GatheringByteChannel socket) {
        try {
            int bytes = frame.transferTo(socket, TRANSFER);
            written += bytes;
            return bytes > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Writes as many bytes as the socket takes at once. No byte may be on its way through Akka.
     *
     * @return the bytes that the socket did not take, in an array of their own
     */
    ByteString write() throws IOException {
        int taken = socket == null ? 0 : taken(socket);
        ByteString rest = ready.drop(taken).compact();
        written += ready.size();
        ready = ByteString.emptyByteString();
        return rest;
    }

    private int taken(GatheringByteChannel open) throws IOException {
        List<ByteBuffer> buffers = new ArrayList<>(1);
        ready.getByteBuffers().forEach(buffers::add);
        return (int)
                (buffers.size() == 1 ? open.write(buffers.get(0)) : open.write(buffers.toArray(ByteBuffer[]::new)));
    }
}
