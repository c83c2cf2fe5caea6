package io.aeon.broker.group;

import io.aeon.broker.coordinator.CoordinatorKind;
import io.aeon.broker.coordinator.CoordinatorStore;
import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.command.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.record.GroupRecordFormat;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/** The coordinators of groups, whose records are in the offsets topic. Thread-safe. */
public final class GroupKind implements CoordinatorKind<GroupCommand, GroupEffects, GroupListing> {
    private final GroupsSetup setup;
    private final PendingGroups pending;

    /** @param coordinators records the groups that wait for the end of a transaction */
    public GroupKind(GroupsSetup setup, GroupCoordinators coordinators) {
        this.setup = setup;
        this.pending = coordinators.pending();
    }

    @Override
    public String noun() {
        return "group";
    }

    @Override
    public HeapShare heap() {
        return setup.settings().heap();
    }

    @Override
    public Errors full() {
        return Errors.GROUP_MAX_SIZE_REACHED;
    }

    @Override
    public String topic() {
        return GroupRecordFormat.TOPIC;
    }

    @Override
    public CoordinatorStore<GroupCommand, GroupEffects, GroupListing> store(
            TopicIdPartition partition, Partition role) {
        pending.forget(partition.partition());
        return new GroupStore(setup, partition, role, pending);
    }

    @Override
    public List<Periodic<GroupCommand>> periodic() {
        return List.of(new Periodic<>(new ExpireOffsets(), setup.expiryCheck()));
    }

    @Override
    public Optional<GroupCommand> onChange(ImageChange change) {
        Set<String> deleted = change.deleted().stream().map(Topic::name).collect(Collectors.toSet());
        return deleted.isEmpty() ? Optional.empty() : Optional.of(new ForgetTopics(deleted));
    }

    @Override
    public Optional<GroupCommand> merged(GroupCommand earlier, GroupCommand later) {
        return earlier instanceof ForgetTopics first && later instanceof ForgetTopics second
                ? Optional.of(first.and(second))
                : CoordinatorKind.super.merged(earlier, later);
    }
}
