package io.aeon.api.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.api.ClientConnection;
import io.aeon.protocol.BatchRules;
import io.aeon.protocol.Bombs;
import io.aeon.protocol.ProducedBatch;
import io.aeon.protocol.ValidatedBatch;
import io.aeon.threads.FairExecutor;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.junit.jupiter.api.Test;

class BatchChecksTest {
    private static final short VERSION = 9;
    private static final BatchRules RULES = new BatchRules(
            "t-0", 1 << 20, 4 << 20, true, 0, 0, false, Compression.gzip().build());

    private final ClientConnection connection =
            new ClientConnection("client", new InetSocketAddress(0), new InetSocketAddress(0));
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final GrownBatches grown = new GrownBatches(1);
    private final BatchChecks checks =
            new BatchChecks(new FairExecutor(turns::add, 1), connection, true, grown, 1_000_000);
    private final List<Throwable> refused = new ArrayList<>();
    private final List<ValidatedBatch> appended = new ArrayList<>();

    @Test
    void aLongBatchThatFailsByAnErrorIsRefusedAndTheNextHasItsTurn() {
        LinkageError error = new LinkageError("a codec without its class");
        check(() -> {
            throw error;
        });
        check(() -> CompletableFuture.completedFuture(null));

        turns.remove().run();
        assertThat(refused).containsExactly(error);
        turns.remove().run();

        assertThat(appended).hasSize(1);
        assertThat(grown.claim(1)).isCompleted();
    }

    @Test
    void aBrokerWithoutHeapRefusesTheBatchAndTellsItsThread() {
        OutOfMemoryError error = new OutOfMemoryError("thrown by the test");
        check(() -> CompletableFuture.completedFuture(null));
        check(failing(error), () -> CompletableFuture.completedFuture(null));
        turns.remove().run();

        assertThatThrownBy(() -> turns.remove().run()).isSameAs(error);

        assertThat(refused).containsExactly(error);
    }

    private static BatchRules failing(Error error) {
        Compression failing = new Compression() {
            @Override
            public CompressionType type() {
                throw error;
            }

            @Override
            public OutputStream wrapForOutput(ByteBufferOutputStream out, byte magic) {
                throw error;
            }

            @Override
            public InputStream wrapForInput(ByteBuffer in, byte magic, BufferSupplier buffers) {
                throw error;
            }
        };
        return new BatchRules("t-0", 1 << 20, 4 << 20, true, 0, 0, false, failing);
    }

    private void check(Supplier<CompletionStage<?>> append) {
        check(RULES, append);
    }

    private void check(BatchRules rules, Supplier<CompletionStage<?>> append) {
        ProducedBatch produced =
                ProducedBatch.of(MemoryRecords.readableRecords(Bombs.batch(CompressionType.ZSTD, 1, 2 << 20)), VERSION);
        checks.check(produced, rules, new BatchChecks.Result() {
            @Override
            public CompletionStage<?> valid(ValidatedBatch batch) {
                CompletionStage<?> told = append.get();
                appended.add(batch);
                return told;
            }

            @Override
            public void refused(Throwable cause) {
                refused.add(cause);
            }
        });
    }
}
