package io.aeon.logging;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of this JVM's loggers while it runs. Thread-safe. */
public interface LogLevels {
    /** The name of the logger that all others inherit from. */
    String ROOT = "root";

    /** The levels of a program that logs with logback; of another one an empty map that cannot be changed. */
    static LogLevels ofThisProgram() {
        String factory = LoggerFactory.getILoggerFactory().getClass().getName();
        return factory.equals("ch.qos.logback.classic.LoggerContext") ? new LogbackLevels() : new NoLogLevels();
    }

    /** The level of each logger that exists, its own or an inherited one, by name. */
    Map<String, String> all();

    /**
     * Changes the level of a logger at once, until the JVM ends.
     *
     * @param logger the name of a logger that exists
     * @param level TRACE, DEBUG, INFO, WARN, ERROR or FATAL; null to inherit the level
     */
    void set(String logger, @Nullable String level);
}
