package io.aeon.console;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** The offsets of partitions. One that does not answer in time is left out. */
final class Offsets {
    private static final int PATIENCE_MS = 3_000;

    private Offsets() {}

    /**
     * For each partition the offset that {@code spec} names. Idle partitions are not opened for the first and the last.
     */
    static Map<TopicPartition, Long> of(Admin admin, Collection<TopicPartition> partitions, OffsetSpec spec)
            throws InterruptedException {
        return of(admin, partitions.stream().collect(Collectors.toMap(Function.identity(), each -> spec)), false);
    }

    /** @param committedOnly whether the end is where the first open transaction begins */
    static Map<TopicPartition, Long> of(Admin admin, Map<TopicPartition, OffsetSpec> specs, boolean committedOnly)
            throws InterruptedException {
        ListOffsetsOptions options =
                new ListOffsetsOptions(committedOnly ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED);
        options.timeoutMs(PATIENCE_MS);
        ListOffsetsResult asked = admin.listOffsets(specs, options);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : specs.keySet()) {
            try {
                offsets.put(partition, asked.partitionResult(partition).get().offset());
            } catch (ExecutionException e) {
                // It is offline, as its missing offset says.
            }
        }
        return offsets;
    }
}
