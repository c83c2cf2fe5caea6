package io.aeon.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A file in a zip archive.
 *
 * @param parts the file that has the archive
 * @param header offset of the local file header in {@code parts}
 * @param packedBytes size in the archive
 * @param bytes size of the content
 * @param isDeflated whether the content is compressed
 */
record NestedFile(FileParts parts, long header, int packedBytes, int bytes, boolean isDeflated) {
    private static final int HEADER_BYTES = 30;
    private static final int NAME_LENGTH = 26;
    private static final int EXTRA_LENGTH = 28;

    byte[] content() throws IOException {
        byte[] packed = parts.read(start(), packedBytes);
        return isDeflated ? inflated(packed) : packed;
    }

    /** The directory of the archive that this file is. */
    ZipDirectory asDirectory() throws IOException {
        if (isDeflated) {
            throw new ZipException("a nested archive is compressed once more");
        }
        return new ZipDirectory(parts, start(), bytes);
    }

    /** The two lengths in the local header may differ from those in the directory. */
    private long start() throws IOException {
        ByteBuffer local = ByteBuffer.wrap(parts.read(header, HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        return header
                + HEADER_BYTES
                + Short.toUnsignedInt(local.getShort(NAME_LENGTH))
                + Short.toUnsignedInt(local.getShort(EXTRA_LENGTH));
    }

    private byte[] inflated(byte[] packed) throws ZipException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            byte[] content = new byte[bytes];
            int filled = 0;
            while (filled < bytes) {
                int read = inflater.inflate(content, filled, bytes - filled);
                if (read == 0) {
                    throw new ZipException("a file in the archive is shorter than its directory says");
                }
                filled += read;
            }
            return content;
        } catch (DataFormatException e) {
            throw new ZipException("a file in the archive is damaged: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }
}
