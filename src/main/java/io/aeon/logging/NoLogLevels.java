package io.aeon.logging;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The levels of loggers that this broker cannot see. */
final class NoLogLevels implements LogLevels {
    @Override
    public Map<String, String> all() {
        return Map.of();
    }

    @Override
    public void set(String logger, @Nullable String level) {
        throw new IllegalArgumentException("no logger " + logger);
    }
}
