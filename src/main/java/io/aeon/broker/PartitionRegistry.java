package io.aeon.broker;

import akka.actor.typed.ActorRef;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The routes to all partitions in use: one look-up and one tell for a partition that runs. Thread-safe. */
final class PartitionRegistry implements Partitions {
    private final ConcurrentHashMap<TopicPartition, Route> routes = new ConcurrentHashMap<>();
    private final Set<TopicPartition> offline = ConcurrentHashMap.newKeySet();
    private final Consumer<TopicPartition> starter;

    /** @param starter asked once for each new route; answers by {@link #opened} or {@link #closed} */
    PartitionRegistry(Consumer<TopicPartition> starter) {
        this.starter = starter;
    }

    @Override
    public void tell(TopicPartition partition, PartitionCommand command) {
        while (true) {
            Route route = routes.get(partition);
            if (route == null) {
                route = wanted(partition);
            }
            if (route.tell(command)) {
                return;
            }
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

    /** Makes the partition start though nobody has told it anything. */
    void start(TopicPartition partition) {
        if (!routes.containsKey(partition)) {
            wanted(partition);
        }
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

    void opened(TopicPartition partition, ActorRef<PartitionCommand> actor) {
        routes.computeIfAbsent(partition, absent -> new Route()).open(actor);
    }

    /** Forgets the route and fails the commands that wait on it; the next command asks for a new one. */
    void closed(TopicPartition partition, Throwable cause) {
        offline.remove(partition);
        Route route = routes.remove(partition);
        if (route != null) {
            route.close(cause);
        }
    }
}
