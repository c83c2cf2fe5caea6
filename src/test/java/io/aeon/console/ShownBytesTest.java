package io.aeon.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ShownBytesTest {
    @Test
    void textIsShownAsTextAndOtherBytesInBase64() {
        byte[] binary = {0, 1, (byte) 0xff};

        assertThat(ShownBytes.of("zwölf\n".getBytes(StandardCharsets.UTF_8), 100))
                .isEqualTo(new ShownBytes(7, "zwölf\n", null, null));
        assertThat(ShownBytes.of(binary, 100))
                .isEqualTo(new ShownBytes(3, null, Base64.getEncoder().encodeToString(binary), null));
        assertThat(ShownBytes.of(new byte[0], 100)).isEqualTo(new ShownBytes(0, "", null, null));
        assertThat(ShownBytes.of(null, 100)).isNull();
    }

    @Test
    void aCutInsideOfACharacterLeavesTheCharacterOut() {
        assertThat(ShownBytes.of("ab€€".getBytes(StandardCharsets.UTF_8), 4))
                .isEqualTo(new ShownBytes(8, "ab", null, true));
        assertThat(ShownBytes.of("ab\u0000\u0000\u0000".getBytes(StandardCharsets.UTF_8), 3))
                .isEqualTo(new ShownBytes(5, null, Base64.getEncoder().encodeToString(new byte[] {'a', 'b', 0}), true));
    }
}
