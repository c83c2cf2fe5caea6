package io.aeon.protocol;

/** The bytes are not a request that this broker answers. Their connection must be closed. The message has the cause. */
public final class MalformedRequestException extends RuntimeException {
    public MalformedRequestException(String message) {
        super(message, null, false, false);
    }
}
