package io.aeon.broker.mailbox;

/**
 * A message somebody waits on. Whoever drops it (an actor that stops, a full stash, a dead letter) calls
 * {@link #fail}, so that no request is left without an answer.
 */
public interface Failable {
    /** Ends the wait with an error, unless it has ended. Any thread. */
    void fail(Throwable cause);
}
