package io.aeon.protocol;

import org.apache.kafka.common.protocol.ApiKeys;

/** The bytes are not a request that this broker answers. Their connection must be closed. The message has the cause. */
public final class MalformedRequestException extends RuntimeException {
    public MalformedRequestException(String message) {
        super(message, null, false, false);
    }

    static MalformedRequestException body(ApiKeys api, short version, RuntimeException cause) {
        String reason = cause instanceof MalformedRequestException ? cause.getMessage() : cause.toString();
        return new MalformedRequestException(
                "the body of " + api.name + " version " + version + " cannot be decoded: " + reason);
    }
}
