package io.aeon.counters;

import io.aeon.counters.TopicTraffic.Totals;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What a broker counts of its partitions. A topic takes memory from its first use until it is deleted. Thread-safe. */
public final class BrokerCounters {
    private final ConcurrentHashMap<String, TopicTraffic> topics = new ConcurrentHashMap<>();
    private final Durations fsyncs = new Durations();
    /** Guarded by this object. */
    private Totals deleted = Totals.NONE;

    /** @param name of a topic that exists */
    public TopicTraffic topic(String name) {
        TopicTraffic known = topics.get(name);
        return known != null ? known : topics.computeIfAbsent(name, absent -> new TopicTraffic());
    }

    /** The topic was deleted: its counts remain in {@link #all} only. */
    public synchronized void forget(String name) {
        TopicTraffic removed = topics.remove(name);
        if (removed != null) {
            deleted = deleted.plus(removed.totals());
        }
    }

    /** The durations of fsyncs of partitions' logs. */
    public Durations fsyncs() {
        return fsyncs;
    }

    /** The counts of each topic that was used, by name. */
    public Map<String, Totals> topics() {
        Map<String, Totals> counts = new TreeMap<>();
        topics.forEach((name, traffic) -> counts.put(name, traffic.totals()));
        return counts;
    }

    /** The counts of all topics, deleted ones included. */
    public synchronized Totals all() {
        return topics.values().stream().map(TopicTraffic::totals).reduce(deleted, Totals::plus);
    }
}
