package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * The heap that decompressors of this JVM take for blocks that they hold whole. Snappy is the only codec of which a
 * client chooses the size of a block; the blocks of the others have at most 4 MiB. Thread-safe.
 */
final class CodecMemory {
    private static final int UNIT = 1024;
    private static final int UNITS = (int) Math.min(Runtime.getRuntime().maxMemory() / 16 / UNIT, Integer.MAX_VALUE);
    private static final Semaphore FREE = new Semaphore(UNITS, true);

    private final int units;

    private CodecMemory(int units) {
        this.units = units;
    }

    /**
     * Takes the memory for the blocks of these records; may wait until others have released theirs.
     *
     * @param allowance if the work can continue elsewhere, the blocks must fit in it, and then nobody waits
     * @throws CorruptRecordException a block claims an impossible size, or a sixteenth of the heap
     */
    static CodecMemory of(CompressionType codec, ByteBuffer records, Allowance allowance) {
        if (codec != CompressionType.SNAPPY) {
            return new CodecMemory(0);
        }
        long block = SnappyChunks.largest(records);
        if (allowance.canContinueElsewhere()) {
            allowance.require(block);
            return new CodecMemory(0);
        }
        long units = (block + UNIT - 1) / UNIT;
        if (units > UNITS) {
            throw new CorruptRecordException("A snappy chunk claims " + block + " bytes after decompression.");
        }
        FREE.acquireUninterruptibly((int) units);
        return new CodecMemory((int) units);
    }

    void release() {
        if (units > 0) {
            FREE.release(units);
        }
    }
}
