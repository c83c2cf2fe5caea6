package io.aeon.protocol;

/** Bytes that are no request this broker answers; the connection they came by is to be closed. The message says why. */
public final class MalformedRequestException extends RuntimeException {
    public MalformedRequestException(String message) {
        super(message, null, false, false);
    }
}
