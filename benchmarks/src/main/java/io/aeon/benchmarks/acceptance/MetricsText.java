package io.aeon.benchmarks.acceptance;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * One answer of {@code /metrics}.
 *
 * @param bytes of the answer as it came
 * @param nanos until the last byte had come
 * @param values by name and labels
 */
record MetricsText(int bytes, long nanos, Map<String, Double> values) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    static MetricsText scrape(int port, boolean compressed) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
        if (compressed) {
            request.header("Accept-Encoding", "gzip");
        }
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        long nanos = System.nanoTime() - begun;
        if (answer.statusCode() != 200) {
            throw new IOException("/metrics answers " + answer.statusCode());
        }
        InputStream body = new ByteArrayInputStream(answer.body());
        try (InputStream plain = compressed ? new GZIPInputStream(body) : body) {
            return new MetricsText(
                    answer.body().length, nanos, parse(new String(plain.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static Map<String, Double> parse(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            values.put(
                    line.substring(0, space),
                    Double.valueOf(line.substring(space + 1).replace("Inf", "Infinity")));
        });
        return values;
    }

    double millis() {
        return nanos / 1e6;
    }

    /** NaN if the value is missing. */
    double of(String series) {
        return values.getOrDefault(series, Double.NaN);
    }

    /** The sum over all series whose name and labels begin so. */
    double sum(String beginning) {
        return values.entrySet().stream()
                .filter(each -> each.getKey().startsWith(beginning))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
