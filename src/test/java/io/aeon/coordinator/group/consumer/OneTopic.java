package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/** The topic "t" with four partitions, and members of the consumer protocol that read it. */
final class OneTopic {
    static final Uuid ID = new Uuid(1, 1);

    private OneTopic() {}

    static FakeTopics create() {
        FakeTopics topics = new FakeTopics(null);
        topics.put(new TopicMetadata("t", ID, 4));
        return topics;
    }

    static SimulatedConsumer member(String id) {
        return new SimulatedConsumer(id, null, Set.of("t"));
    }

    /** A static member. */
    static SimulatedConsumer instance(String id, String instance) {
        return new SimulatedConsumer(id, instance, Set.of("t"));
    }

    static PartitionsByTopic partitions(Integer... numbers) {
        return PartitionsByTopic.of(Map.of(ID, List.of(numbers)));
    }
}
