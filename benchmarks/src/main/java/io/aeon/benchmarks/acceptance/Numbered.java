package io.aeon.benchmarks.acceptance;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Record values that tell their own number and whether they are whole: every byte follows from the number. */
final class Numbered {
    private static final int LARGE_BYTES = 8192;
    private static final int LEAST_BYTES = 64;
    private static final int MOST_BYTES = 1024;

    private Numbered() {}

    static byte[] value(long number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] value = new byte[random.nextInt(LEAST_BYTES, MOST_BYTES)];
        random.nextBytes(value);
        ByteBuffer.wrap(value).putLong(number);
        return value;
    }

    /** A value of 8 KiB, of which a codec leaves half. */
    static byte[] large(long number) {
        byte[] half = new byte[LARGE_BYTES / 2];
        new SplittableRandom(number).nextBytes(half);
        return ByteBuffer.allocate(LARGE_BYTES)
                .put(half)
                .put(half)
                .putLong(0, number)
                .array();
    }

    /** The number of a value; one that is not whole is an error. */
    static long of(byte[] value) {
        long number = ByteBuffer.wrap(value).getLong();
        if (!Arrays.equals(value, value.length == LARGE_BYTES ? large(number) : value(number))) {
            throw new IllegalStateException("a value that claims to be number " + number + " is damaged");
        }
        return number;
    }
}
