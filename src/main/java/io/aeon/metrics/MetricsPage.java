package io.aeon.metrics;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * {@code /metrics}: one scrape, in OpenMetrics for a client that accepts it. A scrape of many partitions takes tens of
 * megabytes until the client has read it, so that there are few at a time.
 */
public final class MetricsPage implements Resource {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final int MOST = 2;
    private static final int PATIENCE_S = 1;

    private final Supplier<Scrape> scrapes;
    private final Semaphore free = new Semaphore(MOST);

    /** @param scrapes collects the metrics anew each time; thread-safe */
    public MetricsPage(Supplier<Scrape> scrapes) {
        this.scrapes = scrapes;
    }

    @Override
    public HttpAnswer answer(HttpQuery query) throws InterruptedException {
        if (!free.tryAcquire(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new RefusedException(503, MOST + " clients read the metrics already");
        }
        boolean collected = false;
        try {
            TextFormat format = query.accepts(OPEN_METRICS) ? TextFormat.OPEN_METRICS : TextFormat.PROMETHEUS;
            HttpAnswer answer = HttpAnswer.compressible(format.contentType(), new Text(scrapes.get(), format));
            collected = true;
            return answer;
        } finally {
            if (!collected) {
                free.release();
            }
        }
    }

    private final class Text implements HttpAnswer.Body {
        private final Scrape scrape;
        private final TextFormat format;

        Text(Scrape scrape, TextFormat format) {
            this.scrape = scrape;
            this.format = format;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            scrape.write(out, format);
        }

        @Override
        public void end() {
            free.release();
        }
    }
}
