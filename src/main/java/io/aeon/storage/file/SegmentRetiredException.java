package io.aeon.storage.file;

import java.nio.file.Path;

/** A reader found a segment that has just left its log; a second look at the log finds the right segment. */
public final class SegmentRetiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SegmentRetiredException(Path segment) {
        super(segment.toString(), null, false, false);
    }
}
