package io.aeon.api.transactions;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression from a client, with a bound on its cost. The JDK's matcher may run for an extremely long time on
 * a text that nearly matches, so a match that reads too many characters fails.
 */
final class IdPattern {
    private static final int LOOKS = 100_000;
    private static final String ANY = "";

    private final Pattern pattern;

    private IdPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * @param text null or empty to match any id
     * @throws PatternSyntaxException the text is not a regular expression
     */
    static IdPattern of(@Nullable String text) {
        return new IdPattern(Pattern.compile(text == null ? ANY : text));
    }

    /** @throws PatternSyntaxException a match on this id would take too long */
    boolean matches(String id) {
        return pattern.pattern().isEmpty()
                || pattern.matcher(new Watched(id, new int[1])).matches();
    }

    private final class Watched implements CharSequence {
        private final CharSequence text;
        private final int[] looks;

        Watched(CharSequence text, int[] looks) {
            this.text = text;
            this.looks = looks;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++looks[0] > LOOKS) {
                throw new PatternSyntaxException("too costly", pattern.pattern(), -1);
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text.subSequence(start, end), looks);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
