package io.aeon.storage.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class OffsetMapTest {
    @RepeatedTest(value = 3, name = "seed {currentRepetition}")
    void returnsTheLastOffsetOfEachKey(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        OffsetMap map = new OffsetMap(4 << 20, 0.9);
        Map<String, Long> model = new HashMap<>();
        for (long offset = 0; offset < 100_000; offset++) {
            String key = "key-" + random.nextInt(40_000);
            assertThat(map.put(key.getBytes(UTF_8), 0, key.length(), offset)).isTrue();
            model.put(key, offset);
        }

        model.forEach((key, offset) -> assertThat(get(map, key)).isEqualTo(offset));
        assertThat(get(map, "never put")).isEqualTo(-1);
    }

    @Test
    void refusesOnlyNewKeysWhenItIsFull() {
        // Large enough that the secret hash key fills the small tables almost evenly.
        int bytes = 16 << 20;
        OffsetMap map = new OffsetMap(bytes, 0.9);
        int keys = 0;
        while (put(map, "key-" + keys, keys)) {
            keys++;
        }

        assertThat(keys).isBetween((int) (bytes * 0.8 / 24), (int) (bytes * 0.9 / 24));
        assertThat(put(map, "key-0", 7_000_000_000L)).isTrue();
        assertThat(get(map, "key-0")).isEqualTo(7_000_000_000L);
        assertThat(get(map, "key-" + keys)).isEqualTo(-1);
        for (int key = 1; key < keys; key++) {
            assertThat(get(map, "key-" + key)).isEqualTo(key);
        }
    }

    @Test
    void theSmallestMapHasRoomForAKey() {
        OffsetMap map = new OffsetMap(1, 0.5);

        assertThat(put(map, "", 0)).isTrue();
        assertThat(get(map, "")).isZero();
    }

    private static boolean put(OffsetMap map, String key, long offset) {
        return map.put(key.getBytes(UTF_8), 0, key.length(), offset);
    }

    private static long get(OffsetMap map, String key) {
        byte[] bytes = ("x" + key).getBytes(UTF_8);
        return map.get(bytes, 1, key.length());
    }
}
