package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.QuorumInfo.ReplicaState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** Moves of partitions and of voters between the nodes of a cluster, by Kafka's own tools, and what came of them. */
final class MixedMoves {
    private static final int PATIENCE_S = 180;
    private static final int ADMIN_TIMEOUT_S = 10;

    private final Admin admin;
    private final String bootstrap;
    private final Path directory;
    private final Checks checks;

    /** @param directory for the files that the tools read */
    MixedMoves(Admin admin, String bootstrap, Path directory, Checks checks) {
        this.admin = admin;
        this.bootstrap = bootstrap;
        this.directory = directory;
        this.checks = checks;
    }

    /** All topics, the internal ones too. */
    Map<String, TopicDescription> topics() throws Exception {
        Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS);
        return admin.describeTopics(names).allTopicNames().get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS);
    }

    /** Number of partitions that each node leads. */
    Map<Integer, Integer> leaders() throws Exception {
        Map<Integer, Integer> leaders = new TreeMap<>();
        topics().values()
                .forEach(topic -> topic.partitions().stream()
                        .filter(partition -> partition.leader() != null)
                        .forEach(partition -> leaders.merge(partition.leader().id(), 1, Integer::sum)));
        return leaders;
    }

    /** Gives every replica of one node to another, which also becomes the leader where the first one was preferred. */
    void replace(int from, int to) throws Exception {
        Path file = Files.writeString(directory.resolve("move-" + from + "-to-" + to + ".json"), json(from, to));
        reassign(file, "--execute");
        await(
                () -> admin.listPartitionReassignments()
                                .reassignments()
                                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                                .isEmpty()
                        && !holds(from),
                "the replicas of node " + from + " on node " + to);
        String verified = reassign(file, "--verify");
        checks.that(
                !verified.contains("still in progress") && !verified.contains("failed"),
                "kafka-reassign-partitions: all replicas of node %d are on node %d",
                from,
                to);
        Tools.run(
                "LeaderElectionCommand",
                List.of("--bootstrap-server", bootstrap, "--election-type", "preferred", "--all-topic-partitions"));
        awaitInSync();
    }

    private String reassign(Path file, String action) throws IOException {
        return Tools.run(
                "reassign.ReassignPartitionsCommand",
                List.of("--bootstrap-server", bootstrap, "--reassignment-json-file", file.toString(), action));
    }

    private boolean holds(int node) throws Exception {
        return topics().values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.replicas().stream())
                .anyMatch(replica -> replica.id() == node);
    }

    private String json(int from, int to) throws Exception {
        List<String> moves = new ArrayList<>();
        topics().forEach((name, topic) -> topic.partitions().forEach(partition -> {
            List<Integer> replicas = partition.replicas().stream().map(Node::id).toList();
            if (replicas.contains(from)) {
                String changed = replicas.stream()
                        .map(id -> Integer.toString(id == from ? to : id))
                        .collect(Collectors.joining(","));
                moves.add("{\"topic\":\"" + name + "\",\"partition\":" + partition.partition() + ",\"replicas\":["
                        + changed + "]}");
            }
        }));
        return "{\"version\":1,\"partitions\":[" + String.join(",", moves) + "]}";
    }

    /** The replicas of a partition. */
    List<Integer> replicas(TopicPartition partition) throws Exception {
        return topics().get(partition.topic()).partitions().get(partition.partition()).replicas().stream()
                .map(Node::id)
                .toList();
    }

    void awaitInSync() {
        await(
                () -> topics().values().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(partition -> partition.leader() != null
                                && partition.isr().size()
                                        == partition.replicas().size()),
                "all replicas in sync");
    }

    /** Waits until exactly these brokers are in service. */
    void awaitBrokers(Collection<Integer> ids) {
        await(
                () -> admin.describeCluster().nodes().get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS).stream()
                        .map(Node::id)
                        .collect(Collectors.toSet())
                        .equals(Set.copyOf(ids)),
                "the brokers " + ids);
    }

    Set<Integer> voters() throws Exception {
        return states().keySet();
    }

    private Map<Integer, ReplicaState> states() throws Exception {
        return admin.describeMetadataQuorum().quorumInfo().get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS).voters().stream()
                .collect(
                        Collectors.toMap(ReplicaState::replicaId, voter -> voter, (one, other) -> other, TreeMap::new));
    }

    int quorumLeader() throws Exception {
        return admin.describeMetadataQuorum()
                .quorumInfo()
                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                .leaderId();
    }

    void awaitVoter(int id) {
        await(() -> voters().contains(id), "node " + id + " as a voter");
    }

    /**
     * Makes a controller of Apache Kafka a voter.
     *
     * @param controllers those that run, as {@code host:port,...}: brokers of Aeon do not forward the request
     */
    void addVoter(int id, Path properties, String controllers) throws Exception {
        Tools.run(
                "MetadataQuorumCommand",
                List.of(
                        "--bootstrap-controller",
                        controllers,
                        "--command-config",
                        properties.toString(),
                        "add-controller"));
        awaitVoter(id);
    }

    /** @param controllers those that run, as {@code host:port,...} */
    void removeVoter(int id, String controllers) throws Exception {
        String directoryId = states().get(id).replicaDirectoryId().toString();
        Tools.run(
                "MetadataQuorumCommand",
                List.of(
                        "--bootstrap-controller",
                        controllers,
                        "remove-controller",
                        "--controller-id",
                        Integer.toString(id),
                        "--controller-directory-id",
                        directoryId));
        await(() -> !voters().contains(id), "the quorum without node " + id);
    }

    void unregister(int id) throws Exception {
        Tools.run("ClusterTool", List.of("unregister", "--bootstrap-server", bootstrap, "--id", Integer.toString(id)));
    }

    /** Runs {@code kafka-features} with an action and features as {@code name=level}. */
    void features(String action, String... features) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--bootstrap-server", bootstrap, action));
        for (String feature : features) {
            arguments.addAll(List.of("--feature", feature));
        }
        Tools.run("FeatureCommand", arguments);
    }

    /** The node that coordinates a group. */
    int coordinator(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                .get(group)
                .coordinator()
                .id();
    }

    /** The node that coordinates a transactional id. */
    int transactionCoordinator(String transactionalId) throws Exception {
        return admin.describeTransactions(List.of(transactionalId))
                .description(transactionalId)
                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                .coordinatorId();
    }

    /** A condition on what a cluster tells. */
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits; what the cluster refuses meanwhile is asked again. */
    void await(Condition condition, String what) {
        Set<String> refusals = new TreeSet<>();
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (ExecutionException e) {
                refusals.add(String.valueOf(e.getCause()));
            } catch (Exception e) {
                refusals.add(e.toString());
            }
            BrokerProcess.pause(200);
        }
        throw new IllegalStateException("not within " + PATIENCE_S + " s: " + what + " " + refusals);
    }
}
