package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be used, in words; the JDK's own messages are often a path alone. */
public final class FileProblem {
    private FileProblem() {}

    /** The reason, with the path it concerns where the JDK knows it. */
    public static String of(IOException problem) {
        if (problem instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (problem instanceof AccessDeniedException denied) {
            return "permission denied: " + denied.getFile();
        }
        if (problem instanceof FileAlreadyExistsException existing) {
            return existing.getFile() + " is a file";
        }
        if (problem instanceof FileSystemException failed && failed.getReason() != null) {
            return failed.getReason() + ": " + failed.getFile();
        }
        return problem.getMessage() == null ? "an error of the file system" : problem.getMessage();
    }
}
