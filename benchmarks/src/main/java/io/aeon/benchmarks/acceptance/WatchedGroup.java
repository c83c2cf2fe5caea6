package io.aeon.benchmarks.acceptance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/** A group whose oldest member is replaced, round by round. */
final class WatchedGroup implements AutoCloseable {
    private static final int MEMBERS = 3;

    private final String bootstrap;
    private final String topic;
    private final String group;
    private final int partitions;
    private final int sessionMs;
    private final IntPredicate consumerProtocol;
    private final OwnedOnce seen = new OwnedOnce();
    private final Deque<WatchedMember> members = new ArrayDeque<>();
    private final List<WatchedMember> leaving = new ArrayList<>();
    private int made;

    /** @param consumerProtocol whether the n-th member of the group uses the consumer protocol */
    WatchedGroup(
            String bootstrap,
            String topic,
            String group,
            int partitions,
            int sessionMs,
            IntPredicate consumerProtocol) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
        this.partitions = partitions;
        this.sessionMs = sessionMs;
        this.consumerProtocol = consumerProtocol;
        for (int i = 0; i < MEMBERS; i++) {
            join();
        }
    }

    private void join() {
        int number = made++;
        members.add(new WatchedMember(
                bootstrap, topic, group, group + "-" + number, consumerProtocol.test(number), sessionMs, seen));
    }

    /** The oldest member leaves and another one joins. */
    void replaceOldest() {
        WatchedMember oldest = members.remove();
        oldest.stop();
        leaving.add(oldest);
        join();
    }

    String name() {
        return group;
    }

    OwnedOnce seen() {
        return seen;
    }

    /** Whether the present members, and no others, share all partitions. */
    boolean isStable(Admin admin) {
        try {
            ConsumerGroupDescription description =
                    admin.describeConsumerGroups(List.of(group)).all().get().get(group);
            long assigned = description.members().stream()
                    .flatMap(member -> member.assignment().topicPartitions().stream())
                    .distinct()
                    .count();
            return description.groupState() == GroupState.STABLE
                    && description.members().size() == MEMBERS
                    && assigned == partitions
                    && seen.owned() == partitions;
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The commits of {@code before} that the broker does not have any more. */
    List<String> lostCommits(Admin admin, Map<TopicPartition, Long> before) throws Exception {
        var now = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        List<String> lost = new ArrayList<>();
        before.forEach((partition, offset) -> {
            var found = now.get(partition);
            if (found == null || found.offset() < offset) {
                lost.add(partition + " committed " + offset + ", kept " + found);
            }
        });
        return lost;
    }

    /** What ended members before their time. */
    List<String> failures() {
        leaving.removeIf(WatchedMember::hasEnded);
        return members.stream()
                .filter(member -> member.failure() != null)
                .map(member -> String.valueOf(member.failure()))
                .toList();
    }

    @Override
    public void close() {
        members.forEach(WatchedMember::close);
        leaving.forEach(WatchedMember::close);
    }
}
