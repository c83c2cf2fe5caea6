package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Describes in words why a file cannot be used, because the message of a JDK exception is often only a path. */
public final class FileProblem {
    private FileProblem() {}

    /** The reason, with the path if the JDK gives it. */
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
        return problem.getMessage() == null
                ? "the file system reported an error without a message"
                : problem.getMessage();
    }
}
