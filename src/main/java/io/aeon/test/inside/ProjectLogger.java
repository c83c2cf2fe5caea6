package io.aeon.test.inside;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Hands the lines of one logger over to the project's logger of that name, as finished text, if they have the levels
 * that {@code aeon start} logs by default. A project without a log configuration would otherwise print thousands of
 * them.
 */
final class ProjectLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;
    /** Warns of every new data directory. */
    private static final String CONTROLLER = "org.apache.kafka.controller.QuorumController";

    private final transient System.Logger project;
    private final Level lowest;

    private ProjectLogger(String name, Level lowest, System.Logger project) {
        this.name = name;
        this.lowest = lowest;
        this.project = project;
    }

    static ProjectLogger of(String name, System.Logger project) {
        return new ProjectLogger(name, lowest(name), project);
    }

    private static Level lowest(String name) {
        if (name.startsWith("io.aeon.")) {
            return Level.INFO;
        }
        return name.equals(CONTROLLER) ? Level.ERROR : Level.WARN;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= lowest.toInt() && project.isLoggable(projectLevel(level));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        project.log(projectLevel(level), MessageFormatter.basicArrayFormat(pattern, arguments), thrown);
    }

    private static System.Logger.Level projectLevel(Level level) {
        return switch (level) {
            case TRACE -> System.Logger.Level.TRACE;
            case DEBUG -> System.Logger.Level.DEBUG;
            case INFO -> System.Logger.Level.INFO;
            case WARN -> System.Logger.Level.WARNING;
            case ERROR -> System.Logger.Level.ERROR;
        };
    }
}
