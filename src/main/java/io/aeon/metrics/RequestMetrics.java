package io.aeon.metrics;

import io.aeon.api.ApiCounters;
import io.aeon.api.RequestCounters;
import io.aeon.counters.Durations;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/** The requests of clients by API, with the labels of Kafka's RequestMetrics. */
final class RequestMetrics {
    private static final String REQUEST = "request";

    private record ErrorCount(Labels labels, long count) {}

    private RequestMetrics() {}

    static void collect(RequestCounters counters, Families families) {
        Map<ApiKeys, ApiCounters> all = counters.all();
        families.counters(
                "kafka_network_requestmetrics_requests_total",
                "Requests that were answered.",
                all.entrySet(),
                each -> Labels.of(REQUEST, each.getKey().name),
                each -> each.getValue().durations().count());
        families.counters(
                "kafka_network_requestmetrics_errors_total",
                "Errors in answers; an answer may have one for each of its partitions.",
                errors(all),
                ErrorCount::labels,
                ErrorCount::count);
        Map<Labels, Durations> durations = new LinkedHashMap<>();
        all.forEach((api, each) -> durations.put(Labels.of(REQUEST, api.name), each.durations()));
        families.histogram(
                "aeon_request_seconds",
                "Time from a request's last byte until its answer is with the socket; a long poll includes its wait.",
                durations);
    }

    private static List<ErrorCount> errors(Map<ApiKeys, ApiCounters> all) {
        List<ErrorCount> errors = new ArrayList<>();
        all.forEach((api, each) -> each.errors()
                .forEach((error, count) ->
                        errors.add(new ErrorCount(Labels.of(REQUEST, api.name, "error", error.name()), count))));
        return errors;
    }
}
