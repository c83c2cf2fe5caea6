package io.aeon.storage.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The CRC-32C that detects a changed or damaged small file. */
public final class Checksum {
    private Checksum() {}

    /** The checksum of the remaining bytes of {@code bytes}; its position and limit do not change. */
    public static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
