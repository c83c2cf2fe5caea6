package io.aeon.control;

/** Something that a test has done to the broker. It lasts until it is closed, or until the broker is. Thread-safe. */
public interface InjectedFault extends AutoCloseable {
    /** How often it has acted: on a request, an answer or an access to the disk. */
    int hits();

    /** Ends it, and releases what it holds back. Idempotent. */
    @Override
    void close();
}
