package io.aeon.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The CRC-32C by which a small file is told from another. */
public final class Checksum {
    private Checksum() {}

    /** Of what remains in {@code bytes}, which stays there. */
    public static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
