package io.aeon.api.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.offsets.SearchedBatches.Answer;
import io.aeon.api.offsets.SearchedBatches.Batch;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.OffsetSpec.AtOrAfter;
import io.aeon.broker.partition.OffsetSpec.Newest;
import io.aeon.protocol.BatchSearch;
import io.aeon.protocol.BatchSearch.Found;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class SearchedBatchesTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final SearchedBatches searched = new SearchedBatches();
    private final BatchSearch search = BatchSearch.in(batch());
    private final Batch whole = Batch.of(PARTITION, search, 0);

    @Test
    void anAnswerByTimeIsKnownForAllTimestampsThatHaveIt() {
        searched.remember(whole, Answer.of(new AtOrAfter(6), search, 0));

        assertThat(known(whole, new AtOrAfter(5))).isEmpty();
        assertThat(known(whole, new AtOrAfter(6))).containsExactly(1L);
        assertThat(known(whole, new AtOrAfter(8))).containsExactly(1L);
        assertThat(known(whole, new AtOrAfter(9))).isEmpty();
    }

    @Test
    void thatThereIsNoSuchRecordIsKnownToo() {
        searched.remember(whole, Answer.of(new AtOrAfter(10), search, 0));

        assertThat(known(whole, new AtOrAfter(9))).containsExactly(-1L);
        assertThat(known(whole, new AtOrAfter(8))).isEmpty();
    }

    @Test
    void theNewestRecordIsAnotherQuestion() {
        searched.remember(whole, Answer.of(new Newest(), search, 0));

        assertThat(known(whole, new Newest())).containsExactly(1L);
        assertThat(known(whole, new AtOrAfter(8))).isEmpty();
    }

    @Test
    void anAnswerIsForOneBatchAndOneLogStart() {
        Batch begun = Batch.of(PARTITION, search, 2);
        searched.remember(whole, Answer.of(new AtOrAfter(6), search, 0));
        searched.remember(begun, Answer.of(new AtOrAfter(6), search, 2));

        assertThat(known(begun, new AtOrAfter(6))).containsExactly(-1L);
        assertThat(known(Batch.of(new TopicPartition("orders", 1), search, 0), new AtOrAfter(6)))
                .isEmpty();
    }

    @Test
    void oldAnswersAreForgotten() {
        for (int partition = 0; partition < 2000; partition++) {
            Batch batch = Batch.of(new TopicPartition("orders", partition), search, 0);
            searched.remember(batch, Answer.of(new Newest(), search, 0));
        }
        for (int timestamp = 0; timestamp < 20; timestamp++) {
            searched.remember(
                    whole, new Answer(new AtOrAfter(timestamp), Optional.of(new Found(timestamp, 0)), timestamp));
        }

        assertThat(known(Batch.of(PARTITION, search, 0), new Newest())).isEmpty();
        assertThat(known(Batch.of(new TopicPartition("orders", 1999), search, 0), new Newest()))
                .hasSize(1);
        assertThat(known(whole, new AtOrAfter(0))).isEmpty();
        assertThat(known(whole, new AtOrAfter(19))).hasSize(1);
    }

    /** The offsets that are known as answers: none, or one, which is -1 if no record is the answer. */
    private List<Long> known(Batch batch, OffsetSpec.Search asked) {
        return searched
                .known(batch, asked)
                .map(answer -> answer.found().map(Found::offset).orElse(-1L))
                .stream()
                .toList();
    }

    private static byte[] batch() {
        ByteBuffer buffer = MemoryRecords.withRecords(
                        Compression.gzip().build(),
                        new SimpleRecord(5, new byte[1]),
                        new SimpleRecord(8, new byte[1]),
                        new SimpleRecord(3, new byte[1]))
                .buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
