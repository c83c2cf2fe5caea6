package io.aeon.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.metadata.Controller.ProducerIdBlock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

class ProducerIdBlocksTest {
    private final Deque<CompletableFuture<ProducerIdBlock>> asked = new ArrayDeque<>();
    private final ProducerIds ids = new ProducerIdBlocks(() -> {
        CompletableFuture<ProducerIdBlock> block = new CompletableFuture<>();
        asked.add(block);
        return block;
    });

    @Test
    void aBlockIsRequestedOnceAndUsedCompletely() {
        List<CompletableFuture<Long>> early =
                Stream.generate(ids::next).limit(3).toList();
        assertThat(asked).hasSize(1);

        asked.remove().complete(new ProducerIdBlock(1000, 3));
        CompletableFuture<Long> next = ids.next();

        assertThat(early).extracting(CompletableFuture::join).containsExactly(1000L, 1001L, 1002L);
        assertThat(next).isNotDone();
        asked.remove().complete(new ProducerIdBlock(5000, 3));
        assertThat(next).isCompletedWithValue(5000L);
    }

    @Test
    void aRequestAfterTheLastIdOfABlockGetsAnIdOfTheNextBlock() {
        List<CompletableFuture<Long>> early =
                Stream.generate(ids::next).limit(3).toList();

        asked.remove().complete(new ProducerIdBlock(10, 2));
        asked.remove().complete(new ProducerIdBlock(20, 2));

        assertThat(early).extracting(CompletableFuture::join).containsExactly(10L, 11L, 20L);
    }

    @Test
    void theNextRequestAsksAgainAfterARefusedBlock() {
        CompletableFuture<Long> refused = ids.next();
        asked.remove().completeExceptionally(new KafkaStorageException("no"));

        CompletableFuture<Long> next = ids.next();
        asked.remove().complete(new ProducerIdBlock(10, 2));

        assertThat(refused).isCompletedExceptionally();
        assertThat(next).isCompletedWithValue(10L);
    }
}
