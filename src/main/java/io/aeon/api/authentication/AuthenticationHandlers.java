package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import java.util.List;

/**
 * The handlers of SASL and of delegation tokens. They are announced although no listener authenticates, as Kafka
 * announces them on a PLAINTEXT listener. A client that is told to authenticate learns from their answers that it
 * cannot, and ends; without them it sends its password unframed, or connects again and again. And clients guess the
 * release of a broker by what it announces: without these they take it for Kafka 0.9.
 */
public final class AuthenticationHandlers {
    private AuthenticationHandlers() {}

    public static List<ApiHandler<?>> all() {
        return List.of(
                new SaslHandshakeHandler(),
                new SaslAuthenticateHandler(),
                new CreateDelegationTokenHandler(),
                new RenewDelegationTokenHandler(),
                new ExpireDelegationTokenHandler(),
                new DescribeDelegationTokenHandler());
    }
}
