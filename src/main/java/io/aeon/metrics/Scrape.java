package io.aeon.metrics;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;

/** All metrics of one moment. Immutable. */
public final class Scrape {
    private final MetricSnapshots families;

    Scrape(MetricSnapshots families) {
        this.families = families;
    }

    /** Writes the metrics in UTF-8; does not close {@code out}. */
    public void write(OutputStream out, TextFormat format) throws IOException {
        format.writer().write(out, families);
    }
}
