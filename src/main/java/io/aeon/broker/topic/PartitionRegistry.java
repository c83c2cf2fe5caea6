package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.Partitions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/**
 * The routes to all partitions in use. A command to a running partition costs one look-up and one tell; a request that
 * a resting partition can answer costs one look-up. Thread-safe.
 */
public final class PartitionRegistry implements Partitions {
    private static final Description EMPTY = new Description(0, 0, 0, 0, 0);

    private final ConcurrentHashMap<TopicPartition, Route> routes = new ConcurrentHashMap<>();
    private final Set<TopicPartition> offline = ConcurrentHashMap.newKeySet();
    private final Set<TopicPartition> unread = ConcurrentHashMap.newKeySet();
    private final Set<TopicPartition> damaged = ConcurrentHashMap.newKeySet();
    private final Consumer<TopicPartition> starter;
    private volatile boolean filesKnown;
    private volatile @Nullable Throwable closed;

    /**
     * @param starter called once for each new route, and for a resting partition that has to run; it has to call {@link
     *     #opened}, {@link #rest} or {@link #closed}
     */
    public PartitionRegistry(Consumer<TopicPartition> starter) {
        this.starter = starter;
    }

    @Override
    public void tell(TopicPartition partition, PartitionCommand command) {
        Route.Sent sent = Route.Sent.CLOSED;
        while (sent == Route.Sent.CLOSED) {
            Route route = routes.get(partition);
            sent = (route == null ? wanted(partition) : route).tell(command);
        }
        if (sent == Route.Sent.WAITS_FOR_START) {
            starter.accept(partition);
        }
        Throwable cause = closed;
        if (cause != null) {
            closed(partition, cause);
        }
    }

    private Route wanted(TopicPartition partition) {
        Route fresh = new Route();
        Route present = routes.putIfAbsent(partition, fresh);
        if (present != null) {
            return present;
        }
        starter.accept(partition);
        return fresh;
    }

    /** The partitions whose commands wait for an actor. */
    List<TopicPartition> wanted() {
        return routes.entrySet().stream()
                .filter(route -> route.getValue().isWaitedFor())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Starts a resting partition although no command waits for it. */
    void wake(TopicPartition partition) {
        Route route = routes.get(partition);
        if (route != null && route.wake()) {
            starter.accept(partition);
        }
    }

    /** The partitions that have files which were not opened yet; complete from {@link #filesKnown} on. */
    Set<TopicPartition> unread() {
        return unread;
    }

    /** All data directories were searched. */
    void filesKnown() {
        filesKnown = true;
    }

    @Override
    public Condition condition(TopicPartition partition) {
        if (isOffline(partition)) {
            return Condition.OFFLINE;
        }
        Route route = routes.get(partition);
        return route == null ? isUnwritten(partition) ? Condition.RESTING : Condition.STARTING : route.condition();
    }

    private boolean isUnwritten(TopicPartition partition) {
        return filesKnown && !unread.contains(partition);
    }

    @Override
    public Optional<CompletableFuture<Description>> glance(TopicPartition partition) {
        if (isOffline(partition)) {
            return Optional.empty();
        }
        Route route = routes.get(partition);
        if (route != null) {
            return route.glance();
        }
        return isUnwritten(partition) ? Optional.of(CompletableFuture.completedFuture(EMPTY)) : Optional.empty();
    }

    void offline(TopicPartition partition, boolean isOffline) {
        if (isOffline) {
            offline.add(partition);
        } else {
            offline.remove(partition);
        }
    }

    @Override
    public boolean isOffline(TopicPartition partition) {
        return !offline.isEmpty() && offline.contains(partition);
    }

    void damaged(TopicPartition partition, boolean isDamaged) {
        if (isDamaged) {
            damaged.add(partition);
        } else {
            damaged.remove(partition);
        }
    }

    @Override
    public boolean isDamaged(TopicPartition partition) {
        return damaged.contains(partition);
    }

    void opened(TopicPartition partition, ActorRef<PartitionCommand> actor) {
        route(partition).open(actor);
    }

    /** Whether the partition rests and can answer without a start. */
    boolean isAtRest(TopicPartition partition) {
        Route route = routes.get(partition);
        return route != null && route.isAtRest();
    }

    /**
     * Holds back commands from the partition's actor, which then receives no more of them; returns false if a command
     * is being delivered.
     */
    boolean suspend(TopicPartition partition) {
        Route route = routes.get(partition);
        return route != null && route.suspend();
    }

    /**
     * Hands commands that the actor of a suspended partition has left over to the next one, before those that wait
     * already. They fail if there is none.
     */
    void handOver(TopicPartition partition, List<? extends PartitionCommand> left) {
        Route route = routes.get(partition);
        if (route == null || !route.waitFirst(left)) {
            left.forEach(command -> command.fail(new NotLeaderOrFollowerException(partition + " is not open now")));
        }
    }

    /** @see Route#rest */
    boolean rest(TopicPartition partition, RestingPartition resting, List<Watch> handedOver) {
        return route(partition).rest(resting, handedOver);
    }

    private Route route(TopicPartition partition) {
        return routes.computeIfAbsent(partition, absent -> new Route());
    }

    /** Removes the route and fails the commands that wait on it; the next command creates a new route. */
    void closed(TopicPartition partition, Throwable cause) {
        offline.remove(partition);
        damaged.remove(partition);
        Route route = routes.remove(partition);
        if (route != null) {
            route.close(cause);
        }
    }

    /** Removes all routes. Commands that wait on them, and all later commands, fail with {@code cause}. */
    void closeAll(Throwable cause) {
        closed = cause;
        routes.keySet().forEach(partition -> closed(partition, cause));
    }
}
