package io.aeon.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** Kafka's Java consumers in one group, polled alternately by the thread of a test. */
final class GroupMembers {
    private GroupMembers() {}

    /** Polls until every one of so many partitions has one owner and no member has two more than another. */
    static void untilShared(List<Consumer<String, String>> members, int partitions) {
        untilShared(members, partitions, new HashSet<>());
    }

    /** @param seen receives the values of the records that arrive meanwhile */
    static void untilShared(List<Consumer<String, String>> members, int partitions, Set<String> seen) {
        Awaitility.await().until(() -> {
            members.forEach(member -> poll(member, seen));
            List<TopicPartition> owned = new ArrayList<>();
            members.forEach(member -> owned.addAll(member.assignment()));
            int fewest = partitions / members.size();
            return owned.size() == partitions
                    && Set.copyOf(owned).size() == partitions
                    && members.stream()
                            .map(member -> member.assignment().size())
                            .allMatch(each -> each == fewest || each == fewest + 1);
        });
    }

    /** Polls until {@code seen} has so many values. */
    static void untilSeen(Consumer<String, String> member, int records, Set<String> seen) {
        Awaitility.await().until(() -> {
            poll(member, seen);
            return seen.size() == records;
        });
    }

    private static void poll(Consumer<String, String> member, Set<String> seen) {
        member.poll(Duration.ofMillis(20)).forEach(record -> seen.add(record.value()));
    }
}
