package io.aeon.metadata.controller;

import io.aeon.metadata.FeatureRange;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.QuorumNode;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.engine.Engine;
import io.aeon.metadata.image.FeatureLevels;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.DuplicateBrokerRegistrationException;
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
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.metadata.BrokerRegistrationReply;

/** The controller and the raft client of an {@link Engine}, for requests of other nodes. */
public final class EngineQuorumNode implements QuorumNode {
    private final Engine engine;
    private final QuorumController controller;
    private final Metadata metadata;
    private final BrokerFencing fencing;
    private final ControllerNodes nodes;

    public EngineQuorumNode(Engine engine, TopicConfigs topicConfigs, BrokerFencing fencing) {
        this.engine = engine;
        this.fencing = fencing;
        this.nodes = new ControllerNodes(engine.raft().client(), engine.images()::latest);
        this.controller = engine.controller();
        this.metadata = new ControllerMetadata(controller.nodeId(), engine, topicConfigs);
    }

    @Override
    public String clusterId() {
        return controller.clusterId();
    }

    @Override
    public Metadata metadata() {
        return metadata;
    }

    @Override
    public Map<String, FeatureRange> features() {
        Map<String, FeatureRange> features = new TreeMap<>();
        FeatureLevels.OF_CONTROLLER.forEach(
                (name, range) -> features.put(name, new FeatureRange(range.min(), range.max())));
        return features;
    }

    @Override
    public int leader() {
        return engine.raft().client().leaderAndEpoch().leaderId().orElse(-1);
    }

    @Override
    public Map<Integer, Node> controllers() {
        return nodes.registered();
    }

    @Override
    public CompletableFuture<ApiMessage> raft(ApiMessage request, short version, int correlationId) {
        return engine.raft().answer(request, version, correlationId);
    }

    @Override
    public CompletableFuture<BrokerRegistrationResponseData> registerBroker(
            BrokerRegistrationRequestData request, short version) {
        return register(request, version)
                .exceptionallyCompose(failure -> Errors.maybeUnwrapException(failure)
                                instanceof DuplicateBrokerRegistrationException
                        ? fencing.makeWay(request)
                                .thenCompose(isFree ->
                                        isFree ? register(request, version) : CompletableFuture.failedFuture(failure))
                        : CompletableFuture.failedFuture(failure))
                .thenApply(reply -> new BrokerRegistrationResponseData().setBrokerEpoch(reply.epoch()));
    }

    private CompletableFuture<BrokerRegistrationReply> register(BrokerRegistrationRequestData request, short version) {
        return change(ApiKeys.BROKER_REGISTRATION, version, QuorumController::registerBroker, request);
    }

    @Override
    public CompletableFuture<BrokerHeartbeatResponseData> heartbeat(BrokerHeartbeatRequestData request, short version) {
        return change(ApiKeys.BROKER_HEARTBEAT, version, QuorumController::processBrokerHeartbeat, request)
                .thenApply(reply -> {
                    fencing.heardOf(request.brokerId(), request.brokerEpoch());
                    return new BrokerHeartbeatResponseData()
                            .setIsCaughtUp(reply.isCaughtUp())
                            .setIsFenced(reply.isFenced())
                            .setShouldShutDown(reply.shouldShutDown());
                });
    }

    @Override
    public void connected(int broker, long epoch) {
        fencing.connected(broker, epoch);
    }

    @Override
    public void disconnected(int broker, long epoch) {
        fencing.disconnected(broker, epoch);
    }

    @Override
    public CompletableFuture<Void> registerController(ControllerRegistrationRequestData request) {
        return change(ApiKeys.CONTROLLER_REGISTRATION, QuorumController::registerController, request);
    }

    @Override
    public CompletableFuture<AlterPartitionResponseData> alterPartition(
            AlterPartitionRequestData request, short version) {
        return change(ApiKeys.ALTER_PARTITION, version, QuorumController::alterPartition, request);
    }

    @Override
    public CompletableFuture<AssignReplicasToDirsResponseData> assignReplicasToDirs(
            AssignReplicasToDirsRequestData request) {
        return change(ApiKeys.ASSIGN_REPLICAS_TO_DIRS, QuorumController::assignReplicasToDirs, request);
    }

    @Override
    public CompletableFuture<AllocateProducerIdsResponseData> allocateProducerIds(
            AllocateProducerIdsRequestData request) {
        return change(ApiKeys.ALLOCATE_PRODUCER_IDS, QuorumController::allocateProducerIds, request);
    }

    private <Q, R> CompletableFuture<R> change(ApiKeys api, Change<Q, R> change, Q request) {
        return change(api, api.latestVersion(), change, request);
    }

    private <Q, R> CompletableFuture<R> change(ApiKeys api, short version, Change<Q, R> change, Q request) {
        ControllerRequestContext context = new ControllerRequestContext(
                new RequestHeaderData().setRequestApiKey(api.id).setRequestApiVersion(version),
                KafkaPrincipal.ANONYMOUS,
                OptionalLong.empty());
        return engine.unlessRefused(() -> change.of(controller, context, request));
    }

    /** A method of the controller. */
    private interface Change<Q, R> {
        CompletableFuture<R> of(QuorumController controller, ControllerRequestContext context, Q request);
    }
}
