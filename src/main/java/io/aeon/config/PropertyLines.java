package io.aeon.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lines in the style of server.properties in a {@code kafka { }} block of a HOCON file. HOCON gives some of them
 * another meaning: {@code //} begins a comment, a comma ends a value, {@code max.connections.per.ip} replaces
 * {@code max.connections}. Keys and values are therefore quoted before HOCON reads them. Line numbers do not change.
 */
final class PropertyLines {
    private static final Pattern BLOCK = Pattern.compile("\\s*(aeon\\s*\\.\\s*)?kafka\\s*[:=]?\\s*\\{\\s*(#.*)?");
    private static final Pattern LINE = Pattern.compile("(\\s*)([A-Za-z][\\w.-]*)\\s*[=:](.*)");
    private static final Pattern COMMENT = Pattern.compile("\\s(#|//).*");
    /** A value in HOCON notation: quoted, a list, a block, or a substitution. */
    private static final Pattern HOCON = Pattern.compile("(\".*|\\[.*|\\{.*|.*\\$\\{.*)");

    private int depth;

    private PropertyLines() {}

    static String quoted(String text) {
        PropertyLines lines = new PropertyLines();
        return text.lines().map(lines::line).collect(Collectors.joining("\n", "", "\n"));
    }

    private String line(String line) {
        if (depth == 0) {
            depth = BLOCK.matcher(line).matches() ? 1 : 0;
            return line;
        }
        String quoted = depth == 1 ? property(line) : null;
        if (quoted != null) {
            return quoted;
        }
        String code = line.strip().startsWith("#") ? "" : line;
        depth += count(code, '{') - count(code, '}');
        return line;
    }

    private static @Nullable String property(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return null;
        }
        String value = COMMENT.matcher(matcher.group(3)).replaceFirst("").strip();
        if (HOCON.matcher(value).matches() || value.endsWith("}")) {
            return null;
        }
        return matcher.group(1) + "\"" + matcher.group(2) + "\" = \""
                + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static int count(String line, char brace) {
        return (int) line.chars().filter(each -> each == brace).count();
    }
}
