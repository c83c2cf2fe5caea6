package io.aeon.console.http;

/** A request is not carried out. The message says in words why, to the person who has sent it. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status the HTTP status, from 400 on */
    public RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** A parameter or the body has a wrong value. */
    public static RefusedException wrong(String message) {
        return new RefusedException(400, message);
    }

    public int status() {
        return status;
    }

    HttpAnswer answer() {
        return HttpAnswer.text(status, getMessage() + "\n");
    }
}
