package io.aeon.logging;

/** Text from a client in a form that cannot pretend to be a log line of its own. */
public final class Printable {
    private static final int MOST = 512;

    private Printable() {}

    /**
     * The text with control characters, line separators and lone surrogates as {@code \}{@code u} and four hex digits, cut
     * after 512 characters.
     */
    public static String of(String text) {
        int length = Math.min(text.length(), MOST);
        StringBuilder printable = null;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean escapes = mustBeEscaped(c);
            if (escapes && printable == null) {
                printable = new StringBuilder(length + 16).append(text, 0, i);
            }
            if (escapes) {
                printable.append(String.format("\\u%04x", (int) c));
            } else if (printable != null) {
                printable.append(c);
            }
        }
        String escaped = printable == null ? text.substring(0, length) : printable.toString();
        return length < text.length() ? escaped + "..." : escaped;
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
