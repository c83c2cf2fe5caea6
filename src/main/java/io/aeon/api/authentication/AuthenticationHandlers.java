package io.aeon.api.authentication;

import io.aeon.api.ApiHandler;
import java.util.List;

/**
 * The handlers of SASL. They are announced although no listener authenticates, as Kafka announces them on a PLAINTEXT
 * listener: a client that is told to authenticate learns from their answers that it cannot, and ends. Without them it
 * takes the broker for one that is older than SASL, sends its password unframed, or connects again and again.
 */
public final class AuthenticationHandlers {
    private AuthenticationHandlers() {}

    public static List<ApiHandler<?>> all() {
        return List.of(new SaslHandshakeHandler(), new SaslAuthenticateHandler());
    }
}
