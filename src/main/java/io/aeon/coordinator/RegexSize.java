package io.aeon.coordinator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of regular expressions for RE2/J, which expands repetitions, also nested ones. */
public final class RegexSize {
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)(?:,(\\d*))?\\}");

    private RegexSize() {}

    /** The product of the length in characters and all repetition counts. */
    public static double of(String regex) {
        double size = regex.length();
        Matcher repetitions = REPETITION.matcher(regex);
        while (repetitions.find()) {
            String most = repetitions.group(2);
            String count = most == null || most.isEmpty() ? repetitions.group(1) : most;
            size *= Math.max(1, Double.parseDouble(count));
        }
        return size;
    }
}
