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
 * The bytes of one connection that leave next. While nothing of it is on its way through Akka, what the socket takes at
 * once is written to it directly, large records without being copied: through Akka a reply of any size takes several
 * messages between actors. Used by one thread at a time.
 */
final class Outgoing {
    /** Bytes of one write: what a processor's cache holds while they go from the log to the socket. */
    static final int PIECE = 128 << 10;

    /** Bytes of one transfer, so that a reader who keeps up does not keep the thread. */
    private static final int TRANSFER = 1 << 20;

    private final @Nullable GatheringByteChannel socket;
    private ByteString ready = ByteString.emptyByteString();

    /** @param socket never blocks; null where everything has to go through Akka */
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
     * Whether the frame's next bytes are wanted now: those that can be transferred later are not copied ahead.
     *
     * @param free whether nothing is on its way through Akka
     */
    boolean takes(ResponseFrame frame, boolean free) {
        return hasRoom() && (free || socket == null || frame.toBulk() > 0);
    }

    /**
     * Moves the next bytes of the frame on, which may wait for a disk if its records are not in memory.
     *
     * @param free whether nothing is on its way through Akka
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

    /** False if the socket is full. A failure may be the records' or the socket's: who copies or writes them will know. */
    private static boolean transferred(ResponseFrame frame, GatheringByteChannel socket) {
        try {
            return frame.transferTo(socket, TRANSFER) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Writes what the socket takes at once; nothing may be on its way through Akka.
     *
     * @return what it did not take
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
