package io.aeon.storage.compaction;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.producer.AbortedTransaction;
import io.aeon.storage.producer.ActiveProducer;
import io.aeon.storage.producer.LogProducers;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The producer state of a log that compaction needs, as of the start of the pass. */
final class LogHistory implements ProducerHistory {
    private final LogProducers producers;
    private final Map<Long, ActiveProducer> active = new HashMap<>();

    LogHistory(LogProducers producers) {
        this.producers = producers;
        producers.states().active().forEach(each -> active.put(each.producerId(), each));
    }

    @Override
    public List<AbortedTransaction> aborted(long from, long to) {
        return producers.abortedIn(from, to);
    }

    @Override
    public boolean isNewest(ByteBuffer batch) {
        int at = batch.position();
        ActiveProducer producer = active.get(BatchHeader.producerId(batch, at));
        return producer != null
                && producer.epoch() == BatchHeader.producerEpoch(batch, at)
                && producer.lastSequence() == lastSequence(batch, at);
    }

    /** After the largest sequence number comes 0. */
    private static int lastSequence(ByteBuffer batch, int at) {
        return (BatchHeader.baseSequence(batch, at) + BatchHeader.lastOffsetDelta(batch, at)) & Integer.MAX_VALUE;
    }
}
