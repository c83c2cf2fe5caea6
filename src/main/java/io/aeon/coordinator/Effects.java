package io.aeon.coordinator;

import java.util.List;

/** The effects of one step of a state machine; each kind of machine adds the records to append and its other work. */
public interface Effects {
    /** Answers that may be sent at once: all changes that they report are durable. */
    List<Reply<?>> replies();

    /** Lines for the broker's log. */
    List<Note> notes();
}
