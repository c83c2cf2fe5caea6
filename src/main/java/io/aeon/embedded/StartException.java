package io.aeon.embedded;

/**
 * A broker could not start. The message states the reason in words for the operator. Everything that the broker had
 * opened is closed again.
 */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
