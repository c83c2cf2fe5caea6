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

    /** Bytes of one transfer, so that a client that reads fast does not occupy the thread. */
    private static final int TRANSFER = 1 << 20;

    private final @Nullable GatheringByteChannel socket;
    private ByteString ready = ByteString.emptyByteString();

    /** @param socket non-blocking; null if all bytes must go through Akka */
    Outgoing(@Nullable GatheringByteChannel socket) {
        this.socket = socket;
    }

    boolean isEmpty() {
        return ready.isEmpty();
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
        return hasRoom() && (free || socket == null || frame.toBulk() > 0);
    }

    /**
     * Moves the next bytes of the frame towards the socket. This may wait for a disk if the records are not in memory.
     *
     * @param free whether no byte is on its way through Akka
     * @throws RuntimeException the records cannot be read
     */
    void move(ResponseFrame frame, boolean free) {
        int most = PIECE - ready.size();
        if (free && socket != null) {
            int toBulk = frame.toBulk();
            if (toBulk > 0) {
                most = Math.min(most, toBulk);
            } else if (ready.isEmpty() && transferred(frame, socket)) {
                return;
            }
        }
        ByteString piece = ByteString.fromArrayUnsafe(frame.take(most));
        ready = ready.isEmpty() ? piece : ready.concat(piece);
    }

    /**
     * Returns false if the socket is full or the transfer fails. The next copy or write then reports the failure,
     * because it knows whether the records or the socket caused it.
     */
    private static boolean transferred(ResponseFrame frame, GatheringByteChannel socket) {
        try {
            return frame.transferTo(socket, TRANSFER) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Writes as many bytes as the socket takes at once. No byte may be on its way through Akka.
     *
     * @return the bytes that the socket did not take
     */
    ByteString write() throws IOException {
        ByteString rest = socket == null ? ready : ready.drop(written(socket));
        ready = ByteString.emptyByteString();
        return rest;
    }

    private int written(GatheringByteChannel open) throws IOException {
        List<ByteBuffer> buffers = new ArrayList<>(1);
        ready.getByteBuffers().forEach(buffers::add);
        return (int)
                (buffers.size() == 1 ? open.write(buffers.get(0)) : open.write(buffers.toArray(ByteBuffer[]::new)));
    }
}
