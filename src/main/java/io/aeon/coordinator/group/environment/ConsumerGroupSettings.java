package io.aeon.coordinator.group.environment;

import java.util.List;
import java.util.Map;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a group of the consumer protocol, from the Kafka settings of the same names.
 *
 * @param session group.consumer.session.timeout.ms, or consumer.session.timeout.ms of the group
 * @param heartbeat group.consumer.heartbeat.interval.ms, or consumer.heartbeat.interval.ms of the group
 * @param assignment group.consumer.assignment.interval.ms, or consumer.assignment.interval.ms of the group
 * @param maxSize group.consumer.max.size, number of members
 * @param regexRefreshMs group.consumer.regex.refresh.interval.ms
 * @param assignors the server-side assignors, the default one first
 * @param migration group.consumer.migration.policy
 */
public record ConsumerGroupSettings(
        Bounded session,
        Bounded heartbeat,
        Bounded assignment,
        int maxSize,
        int regexRefreshMs,
        List<PartitionAssignor> assignors,
        MigrationPolicy migration) {
    /** Name of a group's own setting for {@link #session}. */
    public static final String SESSION = "consumer.session.timeout.ms";

    /** Name of a group's own setting for {@link #heartbeat}. */
    public static final String HEARTBEAT = "consumer.heartbeat.interval.ms";

    /** Name of a group's own setting for {@link #assignment}. */
    public static final String ASSIGNMENT = "consumer.assignment.interval.ms";

    /** Milliseconds with the bounds within which a group may choose its own. */
    public record Bounded(int ms, int min, int max) {
        /** The group's own value, moved into the bounds; the same value for null. */
        private Bounded or(@Nullable String own) {
            return own == null ? this : new Bounded(Math.max(min, Math.min(max, Integer.parseInt(own))), min, max);
        }
    }

    /** Which members of a group with members may change the group's protocol. */
    public enum MigrationPolicy {
        /** Members of either protocol may join a group of the other one. */
        BIDIRECTIONAL(true, true),
        /** A member of the consumer protocol converts a classic group. */
        UPGRADE(true, false),
        /** A consumer group becomes a classic one when its last member of the consumer protocol leaves. */
        DOWNGRADE(false, true),
        /** Only groups without members change their protocol. */
        DISABLED(false, false);

        private final boolean upgrades;
        private final boolean downgrades;

        MigrationPolicy(boolean upgrades, boolean downgrades) {
            this.upgrades = upgrades;
            this.downgrades = downgrades;
        }

        public boolean upgrades() {
            return upgrades;
        }

        public boolean downgrades() {
            return downgrades;
        }
    }

    /** These settings with a group's own ones. */
    public ConsumerGroupSettings with(Map<String, String> own) {
        return own.isEmpty()
                ? this
                : new ConsumerGroupSettings(
                        session.or(own.get(SESSION)),
                        heartbeat.or(own.get(HEARTBEAT)),
                        assignment.or(own.get(ASSIGNMENT)),
                        maxSize,
                        regexRefreshMs,
                        assignors,
                        migration);
    }
}
