package io.aeon.coordinator.group.classic;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The topics in a consumer's subscription. They are at the start of every version of the consumer's embedded protocol.
 */
public final class Subscription {
    public static final String CONSUMER_PROTOCOL = "consumer";

    private Subscription() {}

    /** Empty if the bytes are not a consumer's subscription; a client may send any bytes. */
    static Optional<Set<String>> topics(byte[] metadata) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(metadata);
            if (bytes.getShort() < 0) {
                return Optional.empty();
            }
            int count = bytes.getInt();
            if (count < 0 || count > bytes.remaining()) {
                return Optional.empty();
            }
            Set<String> topics = new HashSet<>();
            for (int i = 0; i < count; i++) {
                int length = bytes.getShort();
                if (length < 0 || length > bytes.remaining()) {
                    return Optional.empty();
                }
                byte[] name = new byte[length];
                bytes.get(name);
                topics.add(new String(name, StandardCharsets.UTF_8));
            }
            return Optional.of(topics);
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }
}
