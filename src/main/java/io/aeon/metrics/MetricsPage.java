package io.aeon.metrics;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Resource;

/** {@code /metrics}: one scrape, in OpenMetrics for a client that accepts it. */
public final class MetricsPage implements Resource {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Metrics metrics;

    public MetricsPage(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public HttpAnswer answer(HttpQuery query) {
        TextFormat format = query.accepts(OPEN_METRICS) ? TextFormat.OPEN_METRICS : TextFormat.PROMETHEUS;
        Scrape scrape = metrics.scrape();
        return HttpAnswer.compressible(format.contentType(), out -> scrape.write(out, format));
    }
}
