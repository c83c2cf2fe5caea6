package io.aeon.api.quotas;

import io.aeon.api.quotas.EntityQuotas.Limit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.Rate;

/**
 * How fast clients and addresses are, by Kafka's own measure over the last seconds. The 10,000 that were active last
 * are remembered. Thread-safe.
 */
final class ByteRates {
    static final int MOST = 10_000;

    private final MetricConfig windows;
    private final double seconds;
    /** The clients that were active before all others come first. */
    private final Map<Map<String, String>, Rate> rates = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, String>, Rate> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param samples number of windows
     * @param windowSeconds length of a window
     */
    ByteRates(int samples, int windowSeconds) {
        this.windows = new MetricConfig().samples(samples).timeWindow(windowSeconds, TimeUnit.SECONDS);
        this.seconds = (double) (samples - 1) * windowSeconds;
    }

    /**
     * Adds bytes and returns the milliseconds after which the rate is within the limit, if nothing is added meanwhile.
     *
     * @param now milliseconds of a clock that does not go back
     */
    synchronized int add(Limit limit, double bytes, long now) {
        Rate rate = rate(limit);
        rate.record(windows, bytes, now);
        double observed = rate.measure(windows, now);
        double bound = limit.perSecond();
        return observed <= bound
                ? 0
                : (int) Math.min(
                        Math.round((observed - bound) / bound * rate.windowSize(windows, now)), Integer.MAX_VALUE);
    }

    /**
     * Adds bytes if they keep within the limit. More than may ever be sent at once are added, too, if there were none
     * before: to wait longer would not help.
     *
     * @param now as for {@link #add}
     */
    synchronized Throttle take(Limit limit, double bytes, long now) {
        boolean first = rate(limit).measure(windows, now) <= 0;
        int millis = add(limit, bytes, now);
        boolean withholds = millis > 0 && !(first && bytes > mostAtOnce(limit));
        if (withholds) {
            add(limit, -bytes, now);
        }
        return new Throttle(millis, withholds);
    }

    private Rate rate(Limit limit) {
        return rates.computeIfAbsent(limit.sharedBy(), absent -> new Rate());
    }

    /** More bytes at once exceed the limit even if there were none before. */
    double mostAtOnce(Limit limit) {
        return limit.perSecond() * seconds;
    }
}
