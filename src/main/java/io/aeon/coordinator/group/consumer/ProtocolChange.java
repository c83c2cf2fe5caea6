package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.classic.ClassicGroup;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.step.GroupStep;

/** Changes the protocol of a group when a client of the other one joins. */
public final class ProtocolChange {
    private final StoredMembers stored;
    private final ClassicGroup classic;
    private final ConsumerGroup consumer;

    /** @param classic the group under the classic protocol, {@code consumer} under the consumer protocol */
    public ProtocolChange(StoredMembers stored, ClassicGroup classic, ConsumerGroup consumer) {
        this.stored = stored;
        this.classic = classic;
        this.consumer = consumer;
    }

    /** Serves a request that changes the protocol; returns whether it does. */
    public boolean serves(GroupStep step, GroupCommand.Request<?> request) {
        boolean isConsumer = stored.useConsumerProtocol();
        if (request instanceof ConsumerHeartbeat heartbeat && heartbeat.joins() && !isConsumer) {
            becomeConsumer(step, heartbeat);
            return true;
        } else if (request instanceof Join join && join.memberId().isEmpty() && consumer.isEmpty()) {
            becomeClassic(step, join);
            return true;
        }
        return false;
    }

    /** A group without members takes the protocol of the next one; one with members may be upgraded. */
    private void becomeConsumer(GroupStep step, ConsumerHeartbeat heartbeat) {
        consumer.serve(step, heartbeat, changes -> {
            if (classic.exists() && !classic.isEmpty()) {
                new Upgrade(classic, changes, consumer.deadlines()).convert();
            } else if (stored.generation() != null) {
                classic.tombstones().forEach(changes::add);
            }
        });
    }

    private void becomeClassic(GroupStep step, Join join) {
        Draft changes = consumer.draft(step);
        consumer.tombstones().forEach(changes::add);
        changes.whenDurable(join, later -> classic.serve(later, join));
    }
}
