package io.aeon.benchmarks.comparison;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The least that any broker in a JVM does, and nothing else: receive, copy, check, write to a file; read it and send.
 * Serves one connection. A positive number is the length of what follows, which is appended and answered by four bytes;
 * a negative one asks for so many bytes of the file from where the last ones ended. Argument: the file. Prints its
 * port.
 */
final class FloorServer {
    private static final int PIECE = 128 << 10;

    private final ByteBuffer head = ByteBuffer.allocateDirect(Integer.BYTES);
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    private final SocketChannel client;
    private final FileChannel file;
    private long end;
    private long sent;

    private FloorServer(SocketChannel client, FileChannel file) {
        this.client = client;
        this.file = file;
    }

    public static void main(String[] args) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open();
                FileChannel file = FileChannel.open(
                        Path.of(args[0]),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            System.out.println(server.socket().getLocalPort());
            try (SocketChannel client = server.accept()) {
                client.socket().setTcpNoDelay(true);
                new FloorServer(client, file).serve();
            } catch (EOFException done) {
                return;
            }
        }
    }

    private void serve() throws IOException {
        while (true) {
            receive(head.clear());
            int number = head.getInt(0);
            if (number > 0) {
                append(number);
            } else {
                send(-number);
            }
        }
    }

    private void append(int length) throws IOException {
        receive(piece.clear().limit(length));
        byte[] copy = new byte[length];
        piece.flip().get(copy);
        CRC32C crc = new CRC32C();
        crc.update(copy);
        end += file.write(ByteBuffer.wrap(copy), end);
        write(head.clear().putInt((int) crc.getValue()).flip());
    }

    private void send(int length) throws IOException {
        for (int left = length; left > 0; left -= piece.limit()) {
            piece.clear().limit(Math.min(PIECE, left));
            sent += file.read(piece, sent % end);
            write(piece.flip());
        }
    }

    private void receive(ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (client.read(target) < 0) {
                throw new EOFException();
            }
        }
    }

    private void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            client.write(source);
        }
    }
}
