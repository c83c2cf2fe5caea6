package io.aeon.metadata;

import io.aeon.metadata.Controller.ProducerIdBlock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Producer ids from blocks that the controller allocates to this broker. Thread-safe. */
public final class ProducerIdBlocks implements ProducerIds {
    private final Supplier<CompletableFuture<ProducerIdBlock>> blocks;
    private CompletableFuture<ProducerIdBlock> block = CompletableFuture.completedFuture(new ProducerIdBlock(0, 0));
    private int taken;

    /** @param blocks requests a block from the controller; see {@link Controller#allocateProducerIds} */
    public ProducerIdBlocks(Supplier<CompletableFuture<ProducerIdBlock>> blocks) {
        this.blocks = blocks;
    }

    @Override
    public synchronized CompletableFuture<Long> next() {
        if (isUsedUp()) {
            block = blocks.get();
            taken = 0;
        }
        CompletableFuture<ProducerIdBlock> from = block;
        int position = taken++;
        return from.thenCompose(
                ids -> position < ids.size() ? CompletableFuture.completedFuture(ids.first() + position) : next());
    }

    private boolean isUsedUp() {
        return block.isCompletedExceptionally()
                || (block.isDone() && taken >= block.join().size());
    }
}
