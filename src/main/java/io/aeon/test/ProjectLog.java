package io.aeon.test;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where the broker's log lines go: to the project's slf4j if it has one, else nowhere. */
final class ProjectLog {
    private ProjectLog() {}

    /** The logger of each name; null if slf4j is not on the class path. */
    static @Nullable Function<String, System.Logger> find() {
        try {
            Class.forName("org.slf4j.LoggerFactory", false, ProjectLog.class.getClassLoader());
            return Slf4jLogger::of;
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
