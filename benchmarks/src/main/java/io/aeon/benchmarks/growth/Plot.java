package io.aeon.benchmarks.growth;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lines over two logarithmic axes as SVG, on a white ground so that a dark page shows them too. */
final class Plot {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 700;
    private static final int TOP = 54;
    private static final int BOTTOM = 376;
    private static final int INSET = 26;
    private static final int LEGEND_STEP = 156;
    private static final int LEGEND_Y = 26;
    private static final double[] STEPS = {1, 2, 5};

    record Tick(double at, String label) {}

    record Dot(double x, double y) {}

    record Line(String name, String colour, boolean dashed, List<Dot> dots) {}

    private final StringBuilder svg = new StringBuilder();
    private final Scale x;
    private final Scale y;

    private Plot(List<Tick> xTicks, List<Tick> yTicks) {
        x = new Scale(first(xTicks).at(), last(xTicks).at(), LEFT + INSET, RIGHT - INSET);
        y = new Scale(first(yTicks).at(), last(yTicks).at(), BOTTOM, TOP);
    }

    /** The whole file. The x axis runs from its first tick to its last, the y axis as far as the lines ask. */
    static String svg(String xTitle, String yTitle, List<Tick> xTicks, List<Line> lines) {
        List<Tick> yTicks = ticks(lines);
        Plot plot = new Plot(xTicks, yTicks);
        plot.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"Helvetica, Arial, sans-serif\""
                        + " font-size=\"13\" fill=\"#343a40\">",
                WIDTH, HEIGHT);
        plot.add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        plot.axes(xTicks, yTicks);
        plot.titles(xTitle, yTitle);
        for (int i = 0; i < lines.size(); i++) {
            plot.legend(lines.get(i), LEFT + i * LEGEND_STEP);
            plot.line(lines.get(i));
        }
        plot.add("</svg>");
        return plot.svg.toString();
    }

    private void axes(List<Tick> xTicks, List<Tick> yTicks) {
        for (Tick tick : yTicks) {
            double at = y.at(tick.at());
            add("<path d=\"M%d %.1fH%d\" stroke=\"#dee2e6\"/>", LEFT, at, RIGHT);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, at + 4.5, tick.label());
        }
        for (Tick tick : xTicks) {
            double at = x.at(tick.at());
            add("<path d=\"M%.1f %dV%d\" stroke=\"#dee2e6\"/>", at, TOP, BOTTOM);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", at, BOTTOM + 20, tick.label());
        }
        add("<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#868e96\"/>", LEFT, TOP, BOTTOM, RIGHT);
    }

    private void titles(String xTitle, String yTitle) {
        int middle = (TOP + BOTTOM) / 2;
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"14\">%s</text>",
                (LEFT + RIGHT) / 2, HEIGHT - 16, xTitle);
        add(
                "<text transform=\"translate(22 %d) rotate(-90)\" text-anchor=\"middle\" font-size=\"14\">%s</text>",
                middle, yTitle);
    }

    private void legend(Line line, int at) {
        stroke(line, String.format(Locale.ROOT, "M%d %dh34", at, LEGEND_Y));
        dot(line, at + 17, LEGEND_Y);
        add("<text x=\"%d\" y=\"%.1f\">%s</text>", at + 42, LEGEND_Y + 4.5, line.name());
    }

    private void line(Line line) {
        stroke(
                line,
                line.dots().stream()
                        .map(dot -> String.format(Locale.ROOT, "%.1f %.1f", x.at(dot.x()), y.at(dot.y())))
                        .collect(Collectors.joining("L", "M", "")));
        line.dots().forEach(dot -> dot(line, x.at(dot.x()), y.at(dot.y())));
    }

    private void stroke(Line line, String path) {
        String dashes = line.dashed() ? " stroke-dasharray=\"7 5\"" : "";
        add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.2\"%s/>", path, line.colour(), dashes);
    }

    private void dot(Line line, double atX, double atY) {
        String fill = line.dashed() ? "white" : line.colour();
        add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" stroke=\"%s\" stroke-width=\"2\"/>",
                atX, atY, fill, line.colour());
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** 1, 2 and 5 of each decade, from the last below the lowest dot to the first above the highest. */
    private static List<Tick> ticks(List<Line> lines) {
        List<Double> values = lines.stream()
                .flatMap(line -> line.dots().stream())
                .map(Dot::y)
                .sorted(Comparator.naturalOrder())
                .toList();
        double lowest = values.get(0);
        double highest = values.get(values.size() - 1);
        List<Tick> ticks = new ArrayList<>();
        for (int decade = (int) Math.floor(Math.log10(lowest)); ; decade++) {
            for (double step : STEPS) {
                double at = step * Math.pow(10, decade);
                if (at <= lowest) {
                    ticks.clear();
                }
                ticks.add(new Tick(at, label(at)));
                if (at > highest) {
                    return ticks;
                }
            }
        }
    }

    private static String label(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(Math.round(value * 1e4) / 1e4);
    }

    private static <T> T first(List<T> list) {
        return list.get(0);
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
