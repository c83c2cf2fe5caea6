package io.aeon.broker.mailbox;

/**
 * A message with a caller that waits for the result. Code that drops such a message (an actor that stops, a full stash,
 * a dead letter) calls {@link #fail}, so that every request gets an answer.
 */
public interface Failable {
    /** Completes the result with an error, unless it is complete already. Callable from any thread. */
    void fail(Throwable cause);
}
