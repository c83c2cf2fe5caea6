package io.aeon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of logback's loggers. Logback has no FATAL: a logger of that level logs nothing. */
final class LogbackLevels implements LogLevels {
    private static final String FATAL = "FATAL";

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    @Override
    public Map<String, String> all() {
        Map<String, String> levels = new TreeMap<>();
        context.getLoggerList().forEach(logger -> levels.put(name(logger), name(logger.getEffectiveLevel())));
        return levels;
    }

    private static String name(Logger logger) {
        return logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
    }

    private static String name(Level level) {
        if (level == Level.OFF) {
            return FATAL;
        }
        return level.isGreaterOrEqual(Level.TRACE) ? level.toString() : Level.TRACE.toString();
    }

    @Override
    public void set(String logger, @Nullable String level) {
        Logger existing = context.exists(logger.equals(ROOT) ? org.slf4j.Logger.ROOT_LOGGER_NAME : logger);
        if (existing == null) {
            throw new IllegalArgumentException("no logger " + logger);
        }
        existing.setLevel(level == null || !level.equals(FATAL) ? Level.toLevel(level, null) : Level.OFF);
    }
}
