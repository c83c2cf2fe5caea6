package io.aeon.api.authentication;

import org.apache.kafka.common.protocol.Errors;

/** What all answers about delegation tokens (KIP-48) have in common on a listener that does not authenticate. */
final class DelegationTokens {
    static final Errors REFUSAL = Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED;
    /** The time at which no token expires. */
    static final long NO_TIME = -1;

    private DelegationTokens() {}
}
