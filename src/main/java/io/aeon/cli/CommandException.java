package io.aeon.cli;

import java.io.Serial;

/** A command cannot do what it was asked for; the message is for its user. */
final class CommandException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
