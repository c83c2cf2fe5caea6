package io.aeon.benchmarks.acceptance;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Record values that tell their own number and whether they are whole: every byte follows from the number. */
final class Numbered {
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

    /** The number of a value; one that is not whole is an error. */
    static long of(byte[] value) {
        long number = ByteBuffer.wrap(value).getLong();
        if (!Arrays.equals(value, value(number))) {
            throw new IllegalStateException("a value that claims to be number " + number + " is damaged");
        }
        return number;
    }
}
