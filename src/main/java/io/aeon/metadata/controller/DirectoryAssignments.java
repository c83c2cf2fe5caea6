package io.aeon.metadata.controller;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData.DirectoryData;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData.PartitionData;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData.TopicData;
import org.apache.kafka.common.message.AssignReplicasToDirsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** The messages of AssignReplicasToDirs, by which a broker tells the controller where its replicas are. */
final class DirectoryAssignments {
    private DirectoryAssignments() {}

    static AssignReplicasToDirsRequestData request(
            int nodeId, long brokerEpoch, Map<TopicIdPartition, Uuid> directories) {
        Map<Uuid, Map<Uuid, TopicData>> topics = new HashMap<>();
        directories.forEach((partition, directory) -> topics.computeIfAbsent(directory, id -> new HashMap<>())
                .computeIfAbsent(partition.topicId(), id -> new TopicData().setTopicId(id))
                .partitions()
                .add(new PartitionData().setPartitionIndex(partition.partition())));
        AssignReplicasToDirsRequestData request =
                new AssignReplicasToDirsRequestData().setBrokerId(nodeId).setBrokerEpoch(brokerEpoch);
        topics.forEach((directory, ofDirectory) -> {
            DirectoryData assigned = new DirectoryData().setId(directory);
            assigned.topics().addAll(ofDirectory.values());
            request.directories().add(assigned);
        });
        return request;
    }

    /** @throws org.apache.kafka.common.errors.ApiException a partition was refused */
    static void requireSuccess(AssignReplicasToDirsResponseData response) {
        Errors.forCode(response.errorCode()).maybeThrow();
        response.directories()
                .forEach(directory -> directory
                        .topics()
                        .forEach(topic -> topic.partitions()
                                .forEach(partition ->
                                        Errors.forCode(partition.errorCode()).maybeThrow())));
    }
}
