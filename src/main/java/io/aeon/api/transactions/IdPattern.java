package io.aeon.api.transactions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.aeon.coordinator.RegexSize;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of RE2 from a client, as in Kafka. A match takes no more time than the lengths of the pattern,
 * with its repetitions, and of the id explain.
 */
final class IdPattern {
    private static final int MOST_SIZE = 1000;
    private static final String ANY = "";

    private final Pattern pattern;

    private IdPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @param text null or empty to match any id
     * @throws PatternSyntaxException the text is no pattern of RE2, or its size is above 1,000
     */
    static IdPattern of(@Nullable String text) {
        String regex = text == null ? ANY : text;
        if (RegexSize.of(regex) > MOST_SIZE) {
            throw new PatternSyntaxException("too large", regex);
        }
        return new IdPattern(Pattern.compile(regex));
    }

    boolean matches(String id) {
        return pattern.pattern().isEmpty() || pattern.matcher(id).matches();
    }
}
