package io.aeon.e2e;

import io.aeon.embedded.Aeon;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The values of one scrape.
 *
 * @param values by name and labels, as they are written: {@code name{label="value"}}
 */
record ScrapedMetrics(Map<String, Double> values) {
    static ScrapedMetrics of(Aeon broker) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            broker.writeMetrics(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parse(out.toString(StandardCharsets.UTF_8));
    }

    static ScrapedMetrics parse(String text) {
        Map<String, Double> values = new LinkedHashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            String value = line.substring(space + 1).replace("Inf", "Infinity");
            if (values.put(line.substring(0, space), Double.valueOf(value)) != null) {
                throw new AssertionError("twice in one scrape: " + line);
            }
        });
        return new ScrapedMetrics(values);
    }

    double of(String series) {
        Double value = values.get(series);
        if (value == null) {
            throw new AssertionError("no " + series + " among " + values.keySet());
        }
        return value;
    }

    /** The names without labels. */
    Set<String> names() {
        return values.keySet().stream()
                .map(series -> series.replaceAll("\\{.*", ""))
                .collect(Collectors.toSet());
    }
}
