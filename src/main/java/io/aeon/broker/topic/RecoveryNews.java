package io.aeon.broker.topic;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reports the opening of the logs that the last stop has not closed cleanly: every ten seconds how far it is, and its
 * end. Not thread-safe.
 */
final class RecoveryNews {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Clock clock;
    private final Consumer<String> out;
    private final Set<TopicPartition> open = new HashSet<>();
    private int all;
    private Instant begun = Instant.MIN;
    private Instant told = Instant.MIN;

    RecoveryNews(Clock clock, Consumer<String> out) {
        this.clock = clock;
        this.out = out;
    }

    /** These partitions will be opened, whether a client asks for them or not. */
    void begin(Collection<TopicPartition> partitions) {
        open.addAll(partitions);
        all = open.size();
        begun = clock.instant();
        told = begun;
    }

    /** The partition is open, cannot be opened, or is gone. */
    void done(TopicPartition partition) {
        if (!open.remove(partition)) {
            return;
        }
        Instant now = clock.instant();
        if (open.isEmpty()) {
            out.accept("All " + all + " partitions that were not closed cleanly are recovered, after "
                    + Duration.between(begun, now).toMillis() + " ms");
        } else if (Duration.between(told, now).compareTo(PAUSE) >= 0) {
            told = now;
            out.accept((all - open.size()) + " of " + all + " partitions that were not closed cleanly are recovered");
        }
    }
}
