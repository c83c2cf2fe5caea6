package io.aeon.diagnosis;

import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * A reason why a group does not move.
 *
 * @param kind {@code rejoin}, {@code assignment}, {@code sync}, {@code revocation}, {@code heartbeat} or {@code return}
 *     for a member that holds up a rebalance; {@code slow} for a member that commits nothing; {@code offline} for a
 *     partition that does not answer
 * @param memberId the member, empty if the partition has none
 * @param reason what it does not do, as the predicate of a sentence
 * @param detail what else is known, to follow the duration; may be empty
 * @param forMs milliseconds for which it has lasted, empty if the broker does not tell
 */
public record Stall(
        String kind,
        String memberId,
        String clientId,
        String host,
        String reason,
        String detail,
        OptionalLong forMs,
        List<TopicPartition> partitions) {
    /** Members hear of a rebalance with their next heartbeat, so for so long it is normal that one is awaited. */
    private static final long PATIENCE_MS = 10_000;

    /** What it means, with member, host, duration and partitions. */
    public String sentence() {
        String subject = memberId.isEmpty() ? "" : "member " + memberId + " (client " + clientId + " at " + host + ") ";
        String duration = forMs.isPresent() ? " for " + forMs.getAsLong() / 1000 + " s" : "";
        String where = partitions.isEmpty() ? "" : ": " + PartitionNames.of(partitions);
        return subject + reason + duration + (detail.isEmpty() ? "" : " " + detail) + where;
    }

    /** Whether it lasts longer than a group that works needs. */
    public boolean isStuck() {
        return kind.equals("offline") || forMs.isEmpty() || forMs.getAsLong() >= PATIENCE_MS;
    }
}
