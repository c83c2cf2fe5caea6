package io.aeon.metadata;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AssignReplicasToDirsRequestData;
import org.apache.kafka.common.message.AssignReplicasToDirsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.ControllerRegistrationRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * This node's controller, as the other nodes of the cluster reach it over the controller listener. Requests and
 * responses are Kafka's own messages. Only the active controller makes changes; the others fail with {@code
 * NotControllerException}. Thread-safe; no method blocks.
 */
public interface QuorumNode {
    /** The cluster that this node belongs to. */
    String clusterId();

    /** This node's metadata with its own controller, for administrators who use the controller listener. */
    Metadata metadata();

    /** The features of this node by name, with the levels that it supports. */
    Map<String, FeatureRange> features();

    /** Id of the active controller, -1 if this node knows none. */
    int leader();

    /** The controllers that have registered, by id, with their addresses. */
    Map<Integer, Node> controllers();

    /**
     * Answers a request of the quorum's own protocol (KIP-595, KIP-630, KIP-853).
     *
     * @param request Vote, BeginQuorumEpoch, EndQuorumEpoch, Fetch or FetchSnapshot of the metadata, DescribeQuorum,
     *     AddRaftVoter, RemoveRaftVoter or UpdateRaftVoter
     * @param version version of the request
     */
    CompletableFuture<ApiMessage> raft(ApiMessage request, short version, int correlationId);

    /** Registers a broker (KIP-631). */
    CompletableFuture<BrokerRegistrationResponseData> registerBroker(
            BrokerRegistrationRequestData request, short version);

    /** Keeps a broker's session and changes its state (KIP-631). */
    CompletableFuture<BrokerHeartbeatResponseData> heartbeat(BrokerHeartbeatRequestData request, short version);

    /**
     * A heartbeat of the broker was accepted on a connection for the first time.
     *
     * @param epoch of the broker's registration
     */
    void connected(int broker, long epoch);

    /** Such a connection has ended, for whatever reason; the broker may have others. */
    void disconnected(int broker, long epoch);

    /** Registers a controller (KIP-919). */
    CompletableFuture<Void> registerController(ControllerRegistrationRequestData request);

    /** Changes the ISR of partitions for their leader (KIP-497, KIP-841, KIP-903). */
    CompletableFuture<AlterPartitionResponseData> alterPartition(AlterPartitionRequestData request, short version);

    /** Notes in which log directories a broker keeps its replicas (KIP-858). */
    CompletableFuture<AssignReplicasToDirsResponseData> assignReplicasToDirs(AssignReplicasToDirsRequestData request);

    /** Allocates a block of producer ids to a broker (KIP-730). */
    CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(AllocateProducerIdsRequestData request);
}
