package io.aeon.storage.file;

import java.nio.file.Path;

/** A reader came upon a segment that has just left its log; looking again at the log settles it. */
public final class SegmentRetiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SegmentRetiredException(Path segment) {
        super(segment.toString(), null, false, false);
    }
}
