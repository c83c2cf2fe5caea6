package io.aeon.coordinator;

import org.jspecify.annotations.Nullable;

/** Heap of the characters that clients choose, for {@link StateMachine#heapBytes}. */
public final class TextHeap {
    private TextHeap() {}

    /** Two bytes for each character, as the JVM stores all but Latin text; 0 if there is no text. */
    public static long of(@Nullable String text) {
        return text == null ? 0 : 2L * text.length();
    }
}
