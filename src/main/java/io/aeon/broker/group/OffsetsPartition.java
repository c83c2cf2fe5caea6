package io.aeon.broker.group;

import io.aeon.broker.coordinator.CoordinatorPartition;
import io.aeon.broker.group.GroupsCommand.Deliver;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupListing;
import java.util.stream.Stream;

/** What {@link Groups} knows of one partition of the offsets topic. Not thread-safe. */
final class OffsetsPartition extends CoordinatorPartition<ClassicGroup, Deliver> {
    private final OffsetsLog log;

    OffsetsPartition(OffsetsLog log) {
        super(log.partition(), () -> log.setup().clock().get().elapsedMs());
        this.log = log;
    }

    OffsetsLog log() {
        return log;
    }

    Stream<GroupListing> listings() {
        return parked().map(ClassicGroup::listing);
    }

    @Override
    public String toString() {
        return "offsets partition " + log.partition();
    }
}
