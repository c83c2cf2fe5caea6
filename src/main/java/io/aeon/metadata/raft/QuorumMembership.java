package io.aeon.metadata.raft;

import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.metadata.channel.ControllerConnections;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.ExpirationService;
import org.apache.kafka.raft.KafkaNetworkChannel;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.QuorumConfig;

/**
 * How the raft client of this node takes part in the metadata quorum.
 *
 * @param mayVote whether this node can become a voter; otherwise it only observes
 * @param founders the voters of a quorum whose log names none (kraft.version 0); empty if this node joins a quorum
 * @param bootstrap addresses of voters, to find the leader at first
 * @param endpoints addresses at which other nodes reach this node's controller
 * @param channel makes the channel to the other nodes; the raft client's metrics are passed
 * @param watchesLeader whether this node, a voter beside others, looks for a leader that is gone
 * @param expiration ends waits of followers for new records
 * @param config timeouts of elections and requests
 */
public record QuorumMembership(
        boolean mayVote,
        Map<Integer, InetSocketAddress> founders,
        List<InetSocketAddress> bootstrap,
        Endpoints endpoints,
        Function<Metrics, NetworkChannel> channel,
        boolean watchesLeader,
        ExpirationService expiration,
        QuorumConfig config) {

    /** The only voter of a quorum that no other node can join. No port is opened. */
    public static QuorumMembership alone(int nodeId) {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("localhost", 0);
        return new QuorumMembership(
                true,
                Map.of(nodeId, nowhere),
                List.of(),
                Endpoints.fromInetSocketAddresses(Map.of(ControllerConnections.LISTENER, nowhere)),
                metrics -> new LoneVoterChannel(),
                false,
                new NoExpiration(),
                config(Map.of()));
    }

    /**
     * A member of a quorum of several nodes.
     *
     * @param controller the address at which other nodes reach this node's controller; empty for a broker only
     * @param scheduler runs the ends of waits
     */
    public static QuorumMembership of(
            AeonSettings settings,
            Optional<InetSocketAddress> controller,
            Time time,
            ScheduledExecutorService scheduler) {
        boolean founds = settings.quorum().join().isEmpty();
        QuorumConfig config = config(given(settings.kafka()));
        String thread = "aeon-" + settings.nodeId() + "-";
        return new QuorumMembership(
                controller.isPresent(),
                founds ? Map.of(settings.nodeId(), controller.orElseThrow()) : Map.of(),
                settings.quorum().join(),
                controller
                        .map(address ->
                                Endpoints.fromInetSocketAddresses(Map.of(ControllerConnections.LISTENER, address)))
                        .orElse(Endpoints.empty()),
                metrics -> {
                    KafkaNetworkChannel channel = new KafkaNetworkChannel(
                            time,
                            ControllerConnections.LISTENER,
                            ControllerConnections.client(
                                    "raft-client-" + settings.nodeId(), metrics, time, config.requestTimeoutMs()),
                            config.requestTimeoutMs(),
                            thread);
                    channel.start();
                    return channel;
                },
                controller.isPresent(),
                new ScheduledExpiration(scheduler),
                config);
    }

    private static Map<String, Object> given(KafkaSettings settings) {
        Map<String, Object> given = new HashMap<>();
        for (String name : List.of(
                "controller.quorum.election.timeout.ms",
                "controller.quorum.election.backoff.max.ms",
                "controller.quorum.fetch.timeout.ms",
                "controller.quorum.request.timeout.ms",
                "controller.quorum.retry.backoff.ms")) {
            given.put(name, settings.getInt(name));
        }
        String autoJoin = "controller.quorum.auto.join.enable";
        // Unlike in Kafka, a controller becomes a voter by itself unless it is told not to.
        given.put(autoJoin, !settings.originals().containsKey(autoJoin) || settings.getBoolean(autoJoin));
        return given;
    }

    /** No linger: while one write is synced, the next writes accumulate anyway. */
    private static QuorumConfig config(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put(QuorumConfig.QUORUM_LINGER_MS_CONFIG, 0);
        return new QuorumConfig(new AbstractConfig(QuorumConfig.CONFIG_DEF, all, false));
    }

    /** Nothing expires, because only requests of followers can, and a lone voter has no followers. */
    private static final class NoExpiration implements ExpirationService {
        @Override
        public <T> CompletableFuture<T> failAfter(long timeoutMs) {
            return new CompletableFuture<>();
        }
    }

    private record ScheduledExpiration(ScheduledExecutorService scheduler) implements ExpirationService {
        @Override
        public <T> CompletableFuture<T> failAfter(long timeoutMs) {
            CompletableFuture<T> wait = new CompletableFuture<>();
            ScheduledFuture<?> end = scheduler.schedule(
                    () -> wait.completeExceptionally(new TimeoutException("the wait is over")),
                    timeoutMs,
                    TimeUnit.MILLISECONDS);
            var unused = wait.whenComplete((reached, failure) -> end.cancel(false));
            return wait;
        }
    }
}
