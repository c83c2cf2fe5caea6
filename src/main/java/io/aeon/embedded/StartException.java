package io.aeon.embedded;

/** A broker could not start; the message says why in words for whoever started it. All it had opened is closed again. */
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        super(message);
    }

    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
