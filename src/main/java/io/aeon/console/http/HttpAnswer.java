package io.aeon.console.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An answer.
 *
 * @param length bytes of the body; -1 if it is not known before the body is written
 * @param compressible whether the body is compressed for a client that accepts gzip; only if its length is not known
 */
public record HttpAnswer(int status, String contentType, long length, boolean compressible, Body body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    /** Writes the bytes of an answer. */
    @FunctionalInterface
    public interface Body {
        /**
         * Called once, on a thread that may block. What is flushed is sent at once.
         *
         * @throws IOException the client is gone
         * @throws InterruptedException the server stops
         */
        void writeTo(OutputStream out) throws IOException, InterruptedException;

        /** Called once when the answer is over, whether the body was written or not. */
        default void end() {}
    }

    /** Plain text. */
    public static HttpAnswer text(int status, String text) {
        return bytes(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A body that is in memory as a whole. */
    public static HttpAnswer bytes(int status, String contentType, byte[] bytes) {
        return new HttpAnswer(status, contentType, bytes.length, false, out -> out.write(bytes));
    }

    /** A body that is written piece by piece, with status 200. */
    public static HttpAnswer streamed(String contentType, Body body) {
        return new HttpAnswer(200, contentType, -1, false, body);
    }

    /** The same, compressed if the client accepts that. */
    public static HttpAnswer compressible(String contentType, Body body) {
        return new HttpAnswer(200, contentType, -1, true, body);
    }
}
