package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Describes in words why a file cannot be used, because the message of a JDK exception is often only a path. */
public final class FileProblem {
    private static final String NO_SPACE = "No space left on device";
    private static final String FREE_SOME = "no space is left on the disk; free some and start again";
    private static final String READ_ONLY = "Read-only file system";

    private FileProblem() {}

    /** The reason, with the path if the JDK gives it, and what to do about it. */
    public static String of(IOException problem) {
        String told = String.valueOf(problem.getMessage());
        if (told.contains(NO_SPACE)) {
            return told.equals(NO_SPACE) ? FREE_SOME : FREE_SOME + ": " + file(problem);
        }
        if (told.contains(READ_ONLY)) {
            return "the file system is mounted read-only; mount it for writing, or take another directory: "
                    + file(problem);
        }
        if (problem instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (problem instanceof AccessDeniedException denied) {
            return "permission denied; give the user " + System.getProperty("user.name")
                    + " the right to read and write it: " + denied.getFile();
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

    private static String file(IOException problem) {
        return problem instanceof FileSystemException failed && failed.getFile() != null
                ? failed.getFile()
                : String.valueOf(problem.getMessage());
    }
}
