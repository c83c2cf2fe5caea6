package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;

/**
 * A group that reads a topic with records on all partitions all the time. Its first member is a process, which can be
 * killed. The others are threads: of them the group knows which one owns a partition and whether that one has had a
 * record since. Thread-safe.
 */
final class FlowingGroup implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String bootstrap;
    private final String topic;
    private final String name;
    private final int partitions;
    private final Member process;
    private final List<FlowingMember> members = new ArrayList<>();
    private final Map<TopicPartition, FlowingMember> owners = new HashMap<>();
    private final Set<TopicPartition> flowing = new HashSet<>();
    private boolean processLives = true;
    private int made;

    /**
     * Returns when the first member owns all partitions.
     *
     * @param directory for the first member's files
     */
    FlowingGroup(String bootstrap, String topic, String name, int partitions, Path directory) throws IOException {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.name = name;
        this.partitions = partitions;
        process = Member.java(bootstrap, topic, name, "consumer", "", directory.resolve(name));
        process.start();
        while (process.partitions().size() < partitions) {
            BrokerProcess.pause(100);
        }
    }

    /** That many further members join: the time until all partitions flow. */
    Duration join(int count) throws InterruptedException {
        List<FlowingMember> joining = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            joining.add(new FlowingMember(this, bootstrap, topic, name, name + "-" + made++));
        }
        add(joining);
        long begun = System.nanoTime();
        joining.forEach(FlowingMember::start);
        return untilAllFlow(begun);
    }

    /** A member leaves: the time until all partitions flow. */
    Duration leave() throws InterruptedException {
        long begun = System.nanoTime();
        removeOldest().stop();
        return untilAllFlow(begun);
    }

    /** The member that is a process is killed: the time until all partitions flow. */
    Duration crash() throws InterruptedException {
        long begun = System.nanoTime();
        process.kill();
        synchronized (this) {
            processLives = false;
        }
        return untilAllFlow(begun);
    }

    private synchronized void add(List<FlowingMember> joining) {
        members.addAll(joining);
    }

    private synchronized FlowingMember removeOldest() {
        FlowingMember oldest = members.remove(0);
        owners.values().removeIf(oldest::equals);
        return oldest;
    }

    private synchronized Duration untilAllFlow(long begunNanos) throws InterruptedException {
        while (!allFlow()) {
            long left = PATIENCE.toNanos() - (System.nanoTime() - begunNanos);
            if (left <= 0) {
                throw new IllegalStateException("group " + name + " does not flow after " + PATIENCE + ": "
                        + owners.size() + " partitions owned, " + flowing.size() + " flow");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    /**
     * Every partition but those of the process is owned, as many by each member as by another or one more, and delivers
     * to its owner.
     */
    private boolean allFlow() {
        int shareOfProcess = processLives ? (partitions + members.size()) / (members.size() + 1) : 0;
        if (owners.size() < partitions - shareOfProcess || flowing.size() < owners.size()) {
            return false;
        }
        int least = partitions / (members.size() + (processLives ? 1 : 0));
        Map<FlowingMember, Integer> shares = new HashMap<>();
        owners.values().forEach(owner -> shares.merge(owner, 1, Integer::sum));
        return shares.size() == members.size() && shares.values().stream().allMatch(share -> share >= least);
    }

    synchronized void assigned(FlowingMember member, Collection<TopicPartition> assigned) {
        if (members.contains(member)) {
            assigned.forEach(partition -> owners.put(partition, member));
            flowing.removeAll(assigned);
        }
    }

    synchronized void revoked(FlowingMember member, Collection<TopicPartition> revoked) {
        revoked.forEach(partition -> owners.remove(partition, member));
    }

    synchronized void delivered(FlowingMember member, Collection<TopicPartition> delivered) {
        delivered.stream().filter(partition -> owners.get(partition) == member).forEach(flowing::add);
        if (flowing.size() == owners.size()) {
            notifyAll();
        }
    }

    @Override
    public void close() {
        List<FlowingMember> all;
        synchronized (this) {
            all = List.copyOf(members);
        }
        all.forEach(FlowingMember::stop);
        all.forEach(FlowingMember::awaitEnd);
        process.kill();
    }
}
