package io.aeon.metadata;

import io.aeon.metadata.Metadata.ProducerIdBlock;
import java.util.concurrent.CompletableFuture;

/** Producer ids one by one, out of blocks that the controller hands to this broker alone. Thread-safe. */
public final class ProducerIds {
    private final Metadata metadata;
    private CompletableFuture<ProducerIdBlock> block = CompletableFuture.completedFuture(new ProducerIdBlock(0, 0));
    private int taken;

    public ProducerIds(Metadata metadata) {
        this.metadata = metadata;
    }

    /** An id that no producer of the cluster has had. */
    public synchronized CompletableFuture<Long> next() {
        if (isUsedUp()) {
            block = metadata.allocateProducerIds();
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
