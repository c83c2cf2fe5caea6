package io.aeon.coordinator;

import java.util.List;

/** What one step of a state machine asks of the outside; each kind of machine adds what it wants stored or done. */
public interface Effects {
    /** Answers that may leave at once: what they tell is durable. */
    List<Reply<?>> replies();

    /** What the log of the broker is told. */
    List<Note> notes();
}
