package io.aeon.metadata;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** Refuses topics with several replicas in a cluster, because brokers do not replicate partitions yet. */
final class OneReplica implements CreateTopicPolicy {
    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void validate(RequestMetadata topic) {
        Map<Integer, List<Integer>> assignments = topic.replicasAssignments();
        boolean several = assignments == null
                ? topic.replicationFactor() > 1
                : assignments.values().stream().anyMatch(replicas -> replicas.size() > 1);
        if (several) {
            throw new PolicyViolationException(
                    "Partitions have one replica: this broker does not replicate partitions yet.");
        }
    }

    @Override
    public void close() {}
}
