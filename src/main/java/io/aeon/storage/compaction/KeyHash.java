package io.aeon.storage.compaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits and a random key per instance. Compaction drops a record if a later record's key has the
 * same hash. A client must therefore not be able to construct two keys with the same hash, which is possible with MD5.
 * One thread.
 */
final class KeyHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long secret0;
    private final long secret1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long high;
    private long low;

    KeyHash(long secret0, long secret1) {
        this.secret0 = secret0;
        this.secret1 = secret1;
    }

    static KeyHash secret() {
        SecureRandom random = new SecureRandom();
        return new KeyHash(random.nextLong(), random.nextLong());
    }

    /** The first half of the last computed hash. */
    long high() {
        return high;
    }

    /** The second half of the last computed hash. */
    long low() {
        return low;
    }

    void hash(byte[] bytes, int from, int size) {
        v0 = secret0 ^ 0x736f6d6570736575L;
        v1 = secret1 ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = secret0 ^ 0x6c7967656e657261L;
        v3 = secret1 ^ 0x7465646279746573L;
        int tail = from + (size & -Long.BYTES);
        for (int at = from; at < tail; at += Long.BYTES) {
            absorb((long) LONG.get(bytes, at));
        }
        long last = (long) size << 56;
        for (int at = tail; at < from + size; at++) {
            last |= (bytes[at] & 0xffL) << (8 * (at - tail));
        }
        absorb(last);
        v2 ^= 0xee;
        high = squeeze();
        v1 ^= 0xdd;
        low = squeeze();
    }

    private void absorb(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long squeeze() {
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
