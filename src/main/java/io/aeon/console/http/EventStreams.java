package io.aeon.console.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Streams of server-sent events. Each has a thread of the server as long as its browser listens, so there are fewer of
 * them than threads. Thread-safe.
 */
public final class EventStreams {
    private static final int MOST = 12;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(4);

    private final Semaphore free = new Semaphore(MOST);

    /** The events of one stream, until it ends. */
    @FunctionalInterface
    public interface Source {
        /**
         * Sends events as long as they {@link Events#goOn}. At the end the browser gets {@code over}, and asks again.
         *
         * @throws IOException the browser is gone
         * @throws InterruptedException the server stops
         */
        void sendTo(Events events) throws IOException, InterruptedException;
    }

    /** Sends events to one browser. */
    public interface Events {
        /**
         * Whether the stream goes on; it ends after some minutes, before the server takes the browser for one that
         * hangs.
         */
        boolean goOn();

        /**
         * Sends one event at once.
         *
         * @param data one line
         * @throws IOException the browser is gone
         */
        void send(String name, String data) throws IOException;
    }

    /** The answer that is such a stream. If there are too many already, its only event is {@code busy}. */
    public HttpAnswer open(Source source) {
        return HttpAnswer.streamed("text/event-stream", out -> sendTo(out, source));
    }

    private void sendTo(OutputStream out, Source source) throws IOException, InterruptedException {
        if (!free.tryAcquire()) {
            send(out, "busy", "{}");
            return;
        }
        try {
            source.sendTo(new Stream(out, System.nanoTime() + LONGEST_NANOS));
            send(out, "over", "{}");
        } finally {
            free.release();
        }
    }

    private record Stream(OutputStream out, long end) implements Events {
        @Override
        public boolean goOn() {
            return !Thread.currentThread().isInterrupted() && System.nanoTime() - end < 0;
        }

        @Override
        public void send(String name, String data) throws IOException {
            EventStreams.send(out, name, data);
        }
    }

    private static void send(OutputStream out, String name, String data) throws IOException {
        out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
