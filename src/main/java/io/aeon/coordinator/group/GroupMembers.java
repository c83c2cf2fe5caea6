package io.aeon.coordinator.group;

import io.aeon.coordinator.group.classic.ClassicGroup;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import io.aeon.coordinator.group.command.GroupCommand.Disconnected;
import io.aeon.coordinator.group.command.GroupCommand.RegexesResolved;
import io.aeon.coordinator.group.consumer.ConsumerGroup;
import io.aeon.coordinator.group.consumer.ProtocolChange;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.member.Membership;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.UUID;
import java.util.function.Supplier;

/** The members of a group under either group protocol, and which of the two they use now. */
final class GroupMembers {
    private final StoredGroup stored;
    private final ClassicGroup classic;
    private final ConsumerGroup consumer;
    private final ProtocolChange protocolChange;

    /**
     * @param consumers the limits of this group as a consumer group
     * @param ids creates the unique part of new member ids
     */
    GroupMembers(
            String groupId,
            StoredGroup stored,
            GroupSettings settings,
            Supplier<ConsumerGroupSettings> consumers,
            Supplier<UUID> ids,
            Supplier<TopicsImage> images) {
        this.stored = stored;
        classic = new ClassicGroup(groupId, settings, ids);
        consumer = new ConsumerGroup(groupId, stored.members(), classic, consumers, images, ids);
        protocolChange = new ProtocolChange(stored.members(), classic, consumer);
    }

    /** The members under the protocol that they use now. */
    Membership now() {
        return useConsumerProtocol() ? consumer : classic;
    }

    boolean useConsumerProtocol() {
        return stored.members().useConsumerProtocol();
    }

    /** A record about members was replayed. */
    void replayed() {
        classic.restore(useConsumerProtocol() ? null : stored.members().generation());
    }

    /** A classic group without a generation exists while it has committed offsets. */
    void bringToLife() {
        if (!useConsumerProtocol()) {
            classic.bringToLife(!stored.offsets().isEmpty());
        }
    }

    /** The result of an append is known and handled. */
    void settled() {
        if (useConsumerProtocol()) {
            classic.restore(null);
        }
        bringToLife();
    }

    /** The group was deleted from the log: it ends unless a client came in the meantime. */
    void endIfNobodyCame() {
        classic.endIfNobodyCame();
    }

    /** Handles a request that is not about offsets. */
    void serve(GroupStep step, GroupCommand.Request<?> request) {
        if (!protocolChange.serves(step, request)) {
            now().serve(step, request);
        }
    }

    /** As {@link ConsumerGroup#answersAtOnce}. */
    boolean answersAtOnce(GroupStep step, GroupCommand.Request<?> request) {
        return consumer.answersAtOnce(step, request);
    }

    /** As {@link ConsumerGroup#mayChange}. */
    boolean mayChange(GroupStep step, GroupCommand command) {
        return consumer.mayChange(step, command);
    }

    void disconnected(GroupStep step, Disconnected member) {
        consumer.disconnected(step, member.memberId());
    }

    /** No request of a consumer group waits for others. */
    void abandoned(GroupStep step, Abandoned request) {
        if (!useConsumerProtocol()) {
            classic.abandoned(step, request.reply());
        }
    }

    void resolved(GroupStep step, RegexesResolved result) {
        consumer.resolved(step, result);
    }

    /** Ends a step: the changes of a consumer group become one append. */
    void flush(GroupStep step) {
        consumer.flush(step);
    }

    /** Whether a classic group awaits its members. */
    boolean areRebalancing() {
        return classic.isRebalancing();
    }
}
