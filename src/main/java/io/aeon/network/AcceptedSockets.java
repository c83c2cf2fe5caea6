package io.aeon.network;

import akka.io.Inet;
import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of connections that Akka has accepted and not yet announced. This is a socket option because Akka passes
 * the socket to its options. Thread-safe.
 */
final class AcceptedSockets extends Inet.AbstractSocketOption {
    private static final String COALESCING = "akka.stream.materializer.io.tcp.coalesce-writes";

    private final Map<InetSocketAddress, SocketChannel> byRemote = new ConcurrentHashMap<>();
    private final boolean usable;

    /**
     * @param akka Akka's settings. Without write coalescing, Akka asks for more bytes while it still writes. A direct
     *     write could then overtake those bytes, so no socket is given out.
     */
    AcceptedSockets(Config akka) {
        usable = akka.getInt(COALESCING) > 0;
    }

    @Override
    public void afterConnect(Socket socket) {
        SocketChannel channel = socket.getChannel();
        if (usable && channel != null && socket.getRemoteSocketAddress() instanceof InetSocketAddress remote) {
            byRemote.put(remote, channel);
        }
    }

    /** The socket of the connection from that address, given out once; null if no socket may be written directly. */
    @Nullable
    SocketChannel take(InetSocketAddress remote) {
        return byRemote.remove(remote);
    }
}
