package io.aeon.console;

import io.aeon.console.http.RefusedException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where to go on in each partition of a topic, as a text that a browser gives back. */
final class Cursor {
    private Cursor() {}

    static String text(Map<Integer, Long> positions) {
        return new TreeMap<>(positions)
                .entrySet().stream()
                        .map(each -> each.getKey() + "." + each.getValue())
                        .collect(Collectors.joining("_"));
    }

    /** @throws RefusedException the text is no cursor */
    static Map<Integer, Long> parsed(String cursor) {
        Map<Integer, Long> positions = new HashMap<>();
        try {
            for (String each : cursor.split("_", -1)) {
                int dot = Math.max(0, each.indexOf('.'));
                positions.put(Integer.parseInt(each.substring(0, dot)), Long.parseLong(each.substring(dot + 1)));
            }
        } catch (NumberFormatException e) {
            throw RefusedException.wrong("the cursor is not one that an answer had");
        }
        return positions;
    }
}
