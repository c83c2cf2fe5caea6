package io.aeon.api.quotas;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;

/** The quotas of one kind, and which of them counts for a client. Immutable. */
final class EntityQuotas {
    /** No other text is looked at: the name of a host would be looked up. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private final Map<Map<String, @Nullable String>, Double> bounds;

    /** @param bounds amount per second by the names of the entity; a null name stands for the default of the type */
    private EntityQuotas(Map<Map<String, @Nullable String>, Double> bounds) {
        this.bounds = bounds;
    }

    /**
     * A quota that counts for a client.
     *
     * @param sharedBy the clients that share it: those with these names
     * @param perSecond how much all of them together may do in a second
     */
    record Limit(Map<String, String> sharedBy, double perSecond) {}

    /** @param key of the kind, for example {@code producer_byte_rate} */
    static EntityQuotas of(Map<ClientQuotaEntity, Map<String, Double>> quotas, String key) {
        Map<Map<String, @Nullable String>, Double> bounds = new HashMap<>();
        quotas.forEach((entity, values) -> {
            Double bound = values.get(key);
            if (bound != null) {
                bounds.merge(named(entity.entries()), bound, Math::min);
            }
        });
        return new EntityQuotas(bounds);
    }

    /** An address has many texts, and two entities may have texts of one address. */
    private static Map<String, @Nullable String> named(Map<String, @Nullable String> names) {
        String ip = names.get(ClientQuotaEntity.IP);
        if (ip == null) {
            return names;
        }
        String address = withoutScope(ip);
        if (!ADDRESS.matcher(address).matches()) {
            return names;
        }
        try {
            return Map.of(ClientQuotaEntity.IP, text(InetAddress.getByName(address)));
        } catch (UnknownHostException e) {
            return names;
        }
    }

    private static String text(InetAddress address) {
        return withoutScope(address.getHostAddress());
    }

    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }

    boolean isEmpty() {
        return bounds.isEmpty();
    }

    /** The most specific quota, in Kafka's order; empty if there is none for this client. */
    Optional<Limit> of(String user, String clientId) {
        Map<String, String> both = Map.of(ClientQuotaEntity.USER, user, ClientQuotaEntity.CLIENT_ID, clientId);
        Map<String, String> theUser = Map.of(ClientQuotaEntity.USER, user);
        Map<String, String> theClient = Map.of(ClientQuotaEntity.CLIENT_ID, clientId);
        return limit(names(user, clientId), both)
                .or(() -> limit(names(user, null), both))
                .or(() -> limit(theUser, theUser))
                .or(() -> limit(names(null, clientId), both))
                .or(() -> limit(names(null, null), both))
                .or(() -> limit(Collections.singletonMap(ClientQuotaEntity.USER, null), theUser))
                .or(() -> limit(theClient, theClient))
                .or(() -> limit(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, null), theClient));
    }

    /** The quota of an IP address, or the default one; empty if there is none for it. */
    Optional<Limit> of(InetAddress client) {
        Map<String, String> address = Map.of(ClientQuotaEntity.IP, text(client));
        return limit(address, address).or(() -> limit(Collections.singletonMap(ClientQuotaEntity.IP, null), address));
    }

    private Optional<Limit> limit(Map<String, @Nullable String> entity, Map<String, String> sharedBy) {
        Double bound = bounds.get(entity);
        return bound == null ? Optional.empty() : Optional.of(new Limit(sharedBy, bound));
    }

    private static Map<String, @Nullable String> names(@Nullable String user, @Nullable String clientId) {
        Map<String, @Nullable String> names = new HashMap<>();
        names.put(ClientQuotaEntity.USER, user);
        names.put(ClientQuotaEntity.CLIENT_ID, clientId);
        return names;
    }
}
