package io.aeon.cli;

import io.aeon.embedded.StartException;
import java.nio.file.Path;

/** Detects file names that the JVM cannot represent in its locale and would change when it writes them. */
final class FileNames {
    /** Replaces bytes that are invalid in the locale's encoding. */
    private static final char UNREADABLE = '\uFFFD';

    private FileNames() {}

    /** @throws StartException {@code path} is such a name; the JVM would create a directory with another name */
    static Path require(Path path) {
        if (path.toString().indexOf(UNREADABLE) >= 0) {
            throw new StartException("the name " + path + " has characters that the JVM cannot read in this locale ("
                    + System.getProperty("sun.jnu.encoding") + "); set LC_ALL to a locale with UTF-8");
        }
        return path;
    }
}
