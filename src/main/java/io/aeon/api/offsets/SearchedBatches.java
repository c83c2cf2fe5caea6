package io.aeon.api.offsets;

import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.OffsetSpec.AtOrAfter;
import io.aeon.broker.partition.OffsetSpec.Newest;
import io.aeon.protocol.BatchSearch;
import io.aeon.protocol.BatchSearch.FirstFound;
import io.aeon.protocol.BatchSearch.Found;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The last answers found in compressed batches, so that the same question does not decompress a batch again. It keeps
 * at most 16 answers for each of 1,000 batches. Thread-safe.
 */
final class SearchedBatches {
    private static final int MOST_BATCHES = 1000;
    private static final int MOST_ANSWERS = 16;

    private final Map<Batch, Deque<Answer>> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Batch, Deque<Answer>> eldest) {
            return size() > MOST_BATCHES;
        }
    };

    /**
     * The records of a batch that a client may see.
     *
     * @param crc tells a batch from another one that was at the same offset before
     * @param from offset of the first record that is not deleted
     */
    record Batch(TopicPartition partition, long baseOffset, long crc, long from) {
        static Batch of(TopicPartition partition, BatchSearch search, long logStartOffset) {
            return new Batch(
                    partition, search.baseOffset(), search.crc(), Math.max(search.baseOffset(), logStartOffset));
        }
    }

    /** @param from the smallest timestamp to which {@code found} is the answer, if {@code asked} is a timestamp */
    record Answer(OffsetSpec.Search asked, Optional<Found> found, long from) {
        static Answer of(OffsetSpec.Search asked, BatchSearch search, long logStartOffset) {
            if (asked instanceof AtOrAfter time) {
                FirstFound first = search.firstAtOrAfter(time.timestamp(), logStartOffset);
                return new Answer(asked, first.found(), first.from());
            }
            return new Answer(asked, search.latest(logStartOffset), Long.MIN_VALUE);
        }

        boolean answers(OffsetSpec.Search other) {
            if (asked instanceof AtOrAfter && other instanceof AtOrAfter time) {
                long to = found.map(Found::timestamp).orElse(Long.MAX_VALUE);
                return from <= time.timestamp() && time.timestamp() <= to;
            }
            return asked instanceof Newest && other instanceof Newest;
        }
    }

    synchronized Optional<Answer> known(Batch batch, OffsetSpec.Search asked) {
        return answers.getOrDefault(batch, new ArrayDeque<>(0)).stream()
                .filter(answer -> answer.answers(asked))
                .findFirst();
    }

    synchronized void remember(Batch batch, Answer answer) {
        Deque<Answer> ofBatch = answers.computeIfAbsent(batch, absent -> new ArrayDeque<>(2));
        ofBatch.addFirst(answer);
        if (ofBatch.size() > MOST_ANSWERS) {
            ofBatch.removeLast();
        }
    }
}
