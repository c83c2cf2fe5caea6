package io.aeon.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;

/**
 * The central directory of a zip archive that is a file or a part of one (APPNOTE.TXT 4.3.12 and 4.3.16). The JDK reads
 * archives only from files of their own. Zip64 is not supported.
 */
final class ZipDirectory {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_BYTES = 46;

    private final FileParts parts;
    private final long start;
    private final long length;

    /** @param start offset of the archive in the file, to which all offsets in the archive are relative */
    ZipDirectory(FileParts parts, long start, long length) {
        this.parts = parts;
        this.start = start;
        this.length = length;
    }

    /** Calls {@code action} with the name of each file and directory and where it lies, in the archive's order. */
    void forEach(BiConsumer<String, NestedFile> action) throws IOException {
        ByteBuffer end = end();
        int at = end.position();
        int count = Short.toUnsignedInt(end.getShort(at + 10));
        byte[] directory = read(Integer.toUnsignedLong(end.getInt(at + 16)), end.getInt(at + 12));
        ByteBuffer entries = ByteBuffer.wrap(directory).order(ByteOrder.LITTLE_ENDIAN);
        int entry = 0;
        for (int i = 0; i < count; i++) {
            if (entries.getInt(entry) != ENTRY_SIGNATURE) {
                throw new ZipException("the archive's directory is damaged");
            }
            int nameBytes = Short.toUnsignedInt(entries.getShort(entry + 28));
            String name = new String(directory, entry + ENTRY_BYTES, nameBytes, StandardCharsets.UTF_8);
            action.accept(name, file(entries, entry));
            entry += ENTRY_BYTES
                    + nameBytes
                    + Short.toUnsignedInt(entries.getShort(entry + 30))
                    + Short.toUnsignedInt(entries.getShort(entry + 32));
        }
    }

    private NestedFile file(ByteBuffer entries, int entry) {
        return new NestedFile(
                parts,
                start + Integer.toUnsignedLong(entries.getInt(entry + 42)),
                entries.getInt(entry + 20),
                entries.getInt(entry + 24),
                entries.getShort(entry + 10) == ZipEntry.DEFLATED);
    }

    /** The end of the archive; the buffer's position is that of the end record, which a comment may follow. */
    private ByteBuffer end() throws IOException {
        int tail = (int) Math.min(length, END_BYTES + LONGEST_COMMENT);
        ByteBuffer bytes = ByteBuffer.wrap(read(length - tail, tail)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = tail - END_BYTES; at >= 0; at--) {
            if (bytes.getInt(at) == END_SIGNATURE) {
                return bytes.position(at);
            }
        }
        throw new ZipException("not a zip archive");
    }

    private byte[] read(long offset, int count) throws IOException {
        return parts.read(start + offset, count);
    }
}
