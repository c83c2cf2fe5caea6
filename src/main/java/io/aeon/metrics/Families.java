package io.aeon.metrics;

import io.aeon.counters.Durations;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The metric families of one scrape, while they are collected. Not thread-safe. */
final class Families {
    private static final String COUNTER = "_total";
    private static final String INFO = "_info";

    private final List<MetricSnapshot> families = new ArrayList<>();

    void gauge(String name, String help, long value) {
        gauge(name, help, (double) value);
    }

    void gauge(String name, String help, double value) {
        gauges(name, help, List.of(value), each -> Labels.EMPTY, each -> each);
    }

    /**
     * One value for each element.
     *
     * @param labels not the same for two elements
     */
    <T> void gauges(String name, String help, Collection<T> of, Function<T, Labels> labels, ToDoubleFunction<T> value) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>(of.size());
        for (T each : of) {
            points.add(new GaugeDataPointSnapshot(value.applyAsDouble(each), labels.apply(each), null));
        }
        families.add(new GaugeSnapshot(new MetricMetadata(name, help), points));
    }

    /** @param name ends with {@code _total} */
    void counter(String name, String help, double value) {
        counters(name, help, List.of(value), each -> Labels.EMPTY, each -> each);
    }

    /** As {@link #gauges}, for a name that ends with {@code _total}. */
    <T> void counters(
            String name, String help, Collection<T> of, Function<T, Labels> labels, ToDoubleFunction<T> value) {
        List<CounterDataPointSnapshot> points = new ArrayList<>(of.size());
        for (T each : of) {
            points.add(new CounterDataPointSnapshot(value.applyAsDouble(each), labels.apply(each), null, 0));
        }
        String base = name.substring(0, name.length() - COUNTER.length());
        families.add(new CounterSnapshot(new MetricMetadata(base, help), points));
    }

    /**
     * What does not change, as labels of the value 1.
     *
     * @param name ends with {@code _info}
     */
    void info(String name, String help, Labels labels) {
        String base = name.substring(0, name.length() - INFO.length());
        families.add(new InfoSnapshot(new MetricMetadata(base, help), List.of(new InfoDataPointSnapshot(labels))));
    }

    void histogram(String name, String help, Map<Labels, Durations> durations) {
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        durations.forEach((labels, each) -> points.add(HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets(each))
                .sum(each.seconds())
                .build()));
        families.add(new HistogramSnapshot(new MetricMetadata(name, help), points));
    }

    private static ClassicHistogramBuckets buckets(Durations durations) {
        double[] bounds = Durations.upperBounds();
        long[] counts = durations.counts();
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < bounds.length; i++) {
            buckets.bucket(bounds[i], counts[i]);
        }
        return buckets.build();
    }

    /** Adds families that a library has collected. */
    void add(MetricSnapshots collected) {
        collected.forEach(families::add);
    }

    /** All families, sorted by name. */
    MetricSnapshots snapshots() {
        return new MetricSnapshots(families);
    }
}
