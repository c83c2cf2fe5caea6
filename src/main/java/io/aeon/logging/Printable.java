package io.aeon.logging;

import java.util.Locale;

/** Escapes text from a client so that it cannot look like a log line of the broker. */
public final class Printable {
    private static final int MOST = 512;

    private Printable() {}

    /**
     * Returns the text with control characters, line separators and lone surrogates as {@code \}{@code u} and four hex
     * digits, truncated after 512 characters.
     */
    public static String of(String text) {
        String shown = text.length() <= MOST ? text : text.substring(0, MOST) + "...";
        if (shown.chars().noneMatch(c -> mustBeEscaped((char) c))) {
            return shown;
        }
        StringBuilder printable = new StringBuilder(shown.length() + 16);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (mustBeEscaped(c)) {
                printable.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                printable.append(c);
            }
        }
        return printable.toString();
    }

    private static boolean mustBeEscaped(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
