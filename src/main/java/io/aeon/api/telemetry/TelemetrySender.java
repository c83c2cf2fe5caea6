package io.aeon.api.telemetry;

import com.google.re2j.Pattern;
import io.aeon.api.ClientConnection;
import io.aeon.api.RequestContext;
import java.net.InetAddress;
import org.apache.kafka.common.Uuid;

/**
 * The client that sends a request of KIP-714.
 *
 * @param id its own id, which the broker gave it
 * @param clientId the client's name for itself, empty if it gave none
 */
record TelemetrySender(Uuid id, String clientId, ClientConnection connection) {
    /** A longer attribute matches no pattern: the time that a match takes grows with it. */
    static final int LONGEST_ATTRIBUTE = 256;

    static TelemetrySender of(Uuid id, RequestContext context) {
        return new TelemetrySender(id, context.clientId(), context.connection());
    }

    boolean matches(ClientAttribute attribute, Pattern pattern) {
        String value = value(attribute);
        return value.length() <= LONGEST_ATTRIBUTE && pattern.matches(value);
    }

    private String value(ClientAttribute attribute) {
        return switch (attribute) {
            case CLIENT_INSTANCE_ID -> id.toString();
            case CLIENT_ID -> clientId;
            case CLIENT_SOFTWARE_NAME -> connection.software().name();
            case CLIENT_SOFTWARE_VERSION -> connection.software().version();
            case CLIENT_SOURCE_ADDRESS -> address();
            case CLIENT_SOURCE_PORT -> Integer.toString(connection.remote().getPort());
        };
    }

    String address() {
        InetAddress address = connection.remote().getAddress();
        return address == null ? connection.remote().getHostString() : address.getHostAddress();
    }
}
