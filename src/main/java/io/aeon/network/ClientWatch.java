package io.aeon.network;

/**
 * Detects that the client has closed its side while a request of it waits. Usually a connection is read only when the
 * requests that it has sent are used up; a watched connection is read a little further. Used on the connection's own
 * thread.
 */
final class ClientWatch {
    private Runnable reader = () -> {};
    private Runnable waiter = () -> {};
    private boolean on;
    private boolean closed;

    /** @param reads what reads further, called when the watch begins */
    void readBy(Runnable reads) {
        reader = reads;
    }

    /** @param waits called when the client has closed */
    void tell(Runnable waits) {
        waiter = waits;
    }

    void begin() {
        if (!on) {
            on = true;
            reader.run();
        }
    }

    void end() {
        on = false;
    }

    boolean isOn() {
        return on;
    }

    /** The client has closed its side. It may still receive answers. */
    void closed() {
        closed = true;
        waiter.run();
    }

    boolean hasClosed() {
        return closed;
    }
}
