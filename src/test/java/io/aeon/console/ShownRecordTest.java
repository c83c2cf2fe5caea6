package io.aeon.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class ShownRecordTest {
    private final RecordHeaders headers = new RecordHeaders();

    @Test
    void aRecordOfManyAndLongHeadersIsShownInLittle() throws IOException {
        headers.add("\u0001".repeat(900 << 10), new byte[0]);
        for (int i = 0; i < 500; i++) {
            headers.add("\u0001".repeat(200) + i, new byte[100]);
        }

        ShownRecord shown = shown();

        assertThat(Json.line(shown).getBytes(UTF_8)).hasSizeLessThan(64 << 10);
        assertThat(shown.headers()).isNotEmpty();
        assertThat(shown.headers().get(0).key()).endsWith("…");
        assertThat(shown.moreHeaders()).isEqualTo(501 - shown.headers().size());
    }

    @Test
    void aLongNameIsNotCutInsideOfACharacter() throws IOException {
        headers.add("x" + "\ud83d\ude00".repeat(200), null);

        assertThat(Json.line(shown())).contains("\ud83d\ude00…");
    }

    @Test
    void theHeadersOfAUsualRecordAreAllShown() {
        for (int i = 0; i < 20; i++) {
            headers.add("name-" + i, "value".getBytes(UTF_8));
        }

        ShownRecord shown = shown();

        assertThat(shown.headers()).hasSize(20);
        assertThat(shown.headers().get(7).key()).isEqualTo("name-7");
        assertThat(shown.moreHeaders()).isNull();
    }

    private ShownRecord shown() {
        byte[] large = new byte[1 << 20];
        return ShownRecord.of(
                new ConsumerRecord<>(
                        "topic",
                        0,
                        7,
                        1,
                        TimestampType.CREATE_TIME,
                        large.length,
                        large.length,
                        large,
                        large,
                        headers,
                        Optional.empty()),
                ShownRecord.BEGINNING);
    }
}
