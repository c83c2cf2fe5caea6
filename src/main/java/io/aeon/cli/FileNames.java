package io.aeon.cli;

import io.aeon.embedded.StartException;
import java.nio.file.Path;

/** Names of files that the JVM could not read in the locale it was started in, and would write as other names. */
final class FileNames {
    /** Stands for bytes that are no letters in the locale's encoding. */
    private static final char UNREADABLE = '\uFFFD';

    private FileNames() {}

    /** @throws StartException this one is such a name: another directory would be made in its place */
    static Path require(Path path) {
        if (path.toString().indexOf(UNREADABLE) >= 0) {
            throw new StartException("the name " + path + " holds letters that the JVM cannot read in this locale ("
                    + System.getProperty("sun.jnu.encoding") + "); set LC_ALL to a locale with UTF-8");
        }
        return path;
    }
}
