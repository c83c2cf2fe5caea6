package io.aeon.console;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key, a value or a header as a browser gets it: as text where the bytes are text.
 *
 * @param size number of all bytes
 * @param text the bytes as text; null if they are none
 * @param base64 the bytes, if they are no text
 * @param cut whether only the beginning is here
 */
record ShownBytes(
        int size,
        @Nullable String text,
        @Nullable String base64,
        @Nullable Boolean cut) {
    private static final int LONGEST_CHARACTER = 4;

    /** @return null for null bytes, which a tombstone has */
    static @Nullable ShownBytes of(byte @Nullable [] bytes, int most) {
        if (bytes == null) {
            return null;
        }
        boolean cut = bytes.length > most;
        String text = text(bytes, cut ? most : bytes.length, cut);
        byte[] shown = cut ? Arrays.copyOf(bytes, most) : bytes;
        return new ShownBytes(
                bytes.length, text, text == null ? Base64.getEncoder().encodeToString(shown) : null, cut ? true : null);
    }

    /** Where the text is cut, the end of a character may be missing. */
    private static @Nullable String text(byte[] bytes, int length, boolean cut) {
        for (int left = length; left >= 0 && left > length - LONGEST_CHARACTER; left--) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, left))
                        .toString();
                return isPrintable(text) ? text : null;
            } catch (CharacterCodingException e) {
                if (!cut) {
                    return null;
                }
            }
        }
        return null;
    }

    private static boolean isPrintable(String text) {
        return text.chars()
                .allMatch(each -> (each >= ' ' && each != 0x7f) || each == '\n' || each == '\r' || each == '\t');
    }
}
