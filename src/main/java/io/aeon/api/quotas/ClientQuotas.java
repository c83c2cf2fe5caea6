package io.aeon.api.quotas;

import io.aeon.api.RequestContext;
import io.aeon.api.quotas.EntityQuotas.Limit;
import io.aeon.metadata.ImageChange;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quotas for bytes of produce requests, for those of fetch responses, or for new connections. As in Kafka a client
 * that exceeds its quota is answered at once and told a time; its connection takes no further request for as long
 * (KIP-219). Thread-safe.
 */
public final class ClientQuotas {
    /** What a quota limits. */
    public enum Kind {
        PRODUCE("producer_byte_rate"),
        FETCH("consumer_byte_rate"),
        CONNECT("connection_creation_rate");

        private final String key;

        Kind(String key) {
            this.key = key;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ClientQuotas.class);
    /** A longer client id shares the quota of all that begin alike: the ids are kept in memory. */
    private static final int LONGEST_ID = 256;

    private static final Set<String> HONOURED =
            Set.of(Kind.PRODUCE.key, Kind.FETCH.key, Kind.CONNECT.key, MutationQuotas.KEY);

    private final Kind kind;
    private final ByteRates rates;
    private final LongSupplier nanoTime;
    /** Null while there is no quota. */
    private volatile @Nullable EntityQuotas quotas;

    /**
     * @param samples quota.window.num
     * @param windowSeconds quota.window.size.seconds
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public ClientQuotas(Kind kind, int samples, int windowSeconds, LongSupplier nanoTime) {
        this.kind = kind;
        this.rates = new ByteRates(samples, windowSeconds);
        this.nanoTime = nanoTime;
    }

    /** Takes the quotas of a new image, if they have changed. */
    public void see(ImageChange change) {
        if (change.clientQuotas()) {
            Map<ClientQuotaEntity, Map<String, Double>> all = change.image().clientQuotas();
            EntityQuotas now = EntityQuotas.of(all, kind.key);
            quotas = now.isEmpty() ? null : now;
            if (kind == Kind.PRODUCE) {
                warnOfOthers(all);
            }
        }
    }

    private static void warnOfOthers(Map<ClientQuotaEntity, Map<String, Double>> all) {
        Set<String> others = new TreeSet<>();
        all.values().forEach(quotas -> others.addAll(quotas.keySet()));
        others.removeAll(HONOURED);
        if (!others.isEmpty()) {
            LOG.warn("The data directory has client quotas that Aeon does not honour: {}", String.join(", ", others));
        }
    }

    /** Whether there is a quota for any client. */
    public boolean exist() {
        return quotas != null;
    }

    /** Counts bytes of a client. Returns the milliseconds for which its connection takes no further request. */
    public int count(RequestContext context, long bytes) {
        return limit(context)
                .map(limit -> rates.add(limit, (double) bytes, nowMs()))
                .orElse(0);
    }

    /** Counts bytes that a client is to receive, unless it has to wait for them. */
    public Throttle take(RequestContext context, long bytes) {
        return limit(context)
                .map(limit -> rates.take(limit, (double) bytes, nowMs()))
                .orElse(Throttle.NONE);
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    /** More bytes in one response exceed the client's quota whatever it did before, so they are not sent at once. */
    public int mostAtOnce(RequestContext context, int bytes) {
        return exist()
                ? limit(context)
                        .map(limit -> (int) Math.min(bytes, rates.mostAtOnce(limit)))
                        .orElse(bytes)
                : bytes;
    }

    /** Counts a new connection from this address, unless it exceeds the quota of the address. */
    public boolean admits(InetAddress address) {
        EntityQuotas now = quotas;
        return now == null || now.of(address).map(this::isWithin).orElse(true);
    }

    private boolean isWithin(Limit limit) {
        long now = nowMs();
        boolean within = rates.add(limit, 1, now) == 0;
        if (!within) {
            rates.add(limit, -1, now);
        }
        return within;
    }

    private Optional<Limit> limit(RequestContext context) {
        EntityQuotas now = quotas;
        return now == null ? Optional.empty() : now.of(KafkaPrincipal.ANONYMOUS.getName(), kept(context.clientId()));
    }

    static String kept(String clientId) {
        return clientId.substring(0, Math.min(clientId.length(), LONGEST_ID));
    }
}
