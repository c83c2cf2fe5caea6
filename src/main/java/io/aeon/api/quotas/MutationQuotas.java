package io.aeon.api.quotas;

import io.aeon.api.RequestContext;
import io.aeon.api.quotas.EntityQuotas.Limit;
import io.aeon.metadata.ImageChange;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.metrics.stats.TokenBucket;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/**
 * The quotas for partitions that clients create and delete (KIP-599), measured by Kafka's own token buckets. The 10,000
 * clients that were active last are remembered. Thread-safe.
 */
public final class MutationQuotas {
    static final String KEY = "controller_mutation_rate";

    private final int samples;
    private final int windowSeconds;
    private final Clock clock;
    /** Null while there is no quota. */
    private volatile @Nullable EntityQuotas quotas;
    /** The clients that were active before all others come first. */
    private final Map<Map<String, String>, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, String>, TokenBucket> eldest) {
            return size() > ByteRates.MOST;
        }
    };

    /**
     * @param samples controller.quota.window.num
     * @param windowSeconds controller.quota.window.size.seconds
     */
    public MutationQuotas(int samples, int windowSeconds, Clock clock) {
        this.samples = samples;
        this.windowSeconds = windowSeconds;
        this.clock = clock;
    }

    /** Takes the quotas of a new image, if they have changed. */
    public void see(ImageChange change) {
        if (change.clientQuotas()) {
            EntityQuotas now = EntityQuotas.of(change.image().clientQuotas(), KEY);
            quotas = now.isEmpty() ? null : now;
        }
    }

    /** Whether there is a quota for any client. */
    public boolean exist() {
        return quotas != null;
    }

    /**
     * The quota of the client that sends a request.
     *
     * @param strictSince first version whose clients know THROTTLING_QUOTA_EXCEEDED; older ones are only slowed down
     */
    public MutationQuota of(RequestContext context, int strictSince) {
        EntityQuotas now = quotas;
        Optional<Limit> limit = now == null
                ? Optional.empty()
                : now.of(KafkaPrincipal.ANONYMOUS.getName(), ClientQuotas.kept(context.clientId()));
        return new MutationQuota(limit.map(this::bucket).orElse(null), context.version() >= strictSince);
    }

    private Bucket bucket(Limit limit) {
        return new Bucket(
                limit,
                new MetricConfig()
                        .samples(samples)
                        .timeWindow(windowSeconds, TimeUnit.SECONDS)
                        .quota(Quota.upperBound(limit.perSecond())));
    }

    /** The tokens of those who share a limit. */
    final class Bucket {
        private final Limit limit;
        private final MetricConfig config;

        private Bucket(Limit limit, MetricConfig config) {
            this.limit = limit;
            this.config = config;
        }

        /**
         * Takes tokens.
         *
         * @param strict whether none are taken while there is a debt
         * @return milliseconds until the debt is paid; 0 if there is none
         */
        int take(int tokens, boolean strict) {
            synchronized (buckets) {
                TokenBucket bucket = buckets.computeIfAbsent(limit.sharedBy(), absent -> new TokenBucket());
                long now = clock.millis();
                int before = debtMs(bucket.measure(config, now));
                if (strict && before > 0) {
                    return before;
                }
                bucket.record(config, tokens, now);
                return strict ? 0 : debtMs(bucket.measure(config, now));
            }
        }

        private int debtMs(double left) {
            return left >= 0
                    ? 0
                    : (int) Math.min(
                            Math.round(-left / limit.perSecond() * TimeUnit.SECONDS.toMillis(1)), Integer.MAX_VALUE);
        }
    }
}
