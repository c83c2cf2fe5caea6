package io.aeon.benchmarks.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One figure of a table, from all its samples. Those taken beside other work count only where there are no better ones.
 */
public final class Figure {
    private final List<Double> clean = new ArrayList<>();
    private final List<Double> noisy = new ArrayList<>();

    public void add(double value, boolean isNoisy) {
        (isNoisy ? noisy : clean).add(value);
    }

    public OptionalDouble median() {
        double[] sorted = sorted();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    /** The median, with the least and the most where there are several, or a dash. */
    public String cell() {
        double[] sorted = sorted();
        if (sorted.length == 0) {
            return "-";
        }
        String range = sorted.length == 1
                ? ""
                : String.format(" (%s-%s)", digits(sorted[0]), digits(sorted[sorted.length - 1]));
        return digits(median().getAsDouble()) + range + (clean.isEmpty() ? " noisy" : "");
    }

    /** The ratio of the medians, or a dash. */
    public String over(Figure other) {
        OptionalDouble above = median();
        OptionalDouble below = other.median();
        return above.isEmpty() || below.isEmpty() || below.getAsDouble() == 0
                ? "-"
                : String.format(Locale.ROOT, "%.2f", above.getAsDouble() / below.getAsDouble());
    }

    private double[] sorted() {
        return (clean.isEmpty() ? noisy : clean)
                .stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static String digits(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
