package io.aeon.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Test vectors of SipHash's authors: key and input are the bytes 0, 1, 2 and so on. */
class KeyHashTest {
    @ParameterizedTest
    @CsvSource({
        "0, a3817f04ba25a8e66df67214c7550293",
        "1, da87c1d86b99af44347659119b22fc45",
        "8, 3b62a9ba6258f5610f83e264f31497b4",
        "15, 5493e99933b0a8117e08ec0f97cfc3d9"
    })
    void hashesMatchThePublishedVectors(int size, String expected) {
        byte[] input = new byte[size + 2];
        for (int i = 0; i < size; i++) {
            input[i + 1] = (byte) i;
        }
        KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

        hash.hash(input, 1, size);

        assertThat(littleEndian(hash.high()) + littleEndian(hash.low())).isEqualTo(expected);
    }

    private static String littleEndian(long half) {
        return String.format("%016x", Long.reverseBytes(half));
    }
}
