package io.aeon.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;

/** A text format of metrics. */
public enum TextFormat {
    /** Prometheus' text format 0.0.4. */
    PROMETHEUS(PrometheusTextFormatWriter.CONTENT_TYPE) {
        @Override
        ExpositionFormatWriter writer() {
            return PrometheusTextFormatWriter.create();
        }
    },
    /** OpenMetrics 1.0. */
    OPEN_METRICS(OpenMetricsTextFormatWriter.CONTENT_TYPE) {
        @Override
        ExpositionFormatWriter writer() {
            return OpenMetricsTextFormatWriter.create();
        }
    };

    private final String contentType;

    TextFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The media type, for the header Content-Type. */
    public String contentType() {
        return contentType;
    }

    abstract ExpositionFormatWriter writer();
}
