package io.aeon.broker.replica;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.ImageChange;
import io.aeon.metadata.Metadata;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent of the fetchers: has one for each broker that leads partitions which this broker follows. A fetcher that
 * fails is started again with all its partitions.
 */
public final class ReplicaFetchers {
    private static final Logger logger = LoggerFactory.getLogger(ReplicaFetchers.class);

    private final FetcherSetup setup;
    private final Metadata metadata;
    private final int self;
    private final Map<PartitionId, Followed> followed = new HashMap<>();
    private final Map<Integer, Running> running = new HashMap<>();
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private boolean begun;

    private record Followed(TopicPartition partition, int leader, int leaderEpoch) {}

    /** @param partitions number of partitions that the fetcher copies */
    private record Running(ActorRef<FetcherMessage> fetcher, int partitions) {}

    private ReplicaFetchers(
            FetcherSetup setup, Metadata metadata, ActorContext<Command> context, TimerScheduler<Command> timers) {
        this.setup = setup;
        this.metadata = metadata;
        this.self = metadata.nodeId();
        this.context = context;
        this.timers = timers;
    }

    /** The messages to the parent. */
    public sealed interface Command {}

    /** The partitions of this broker have been told their roles in a new image. */
    public record RolesChanged(ImageChange change) implements Command {}

    private record FetcherStopped(int leader, ActorRef<FetcherMessage> fetcher) implements Command {}

    private record StartAgain(int leader) implements Command {}

    /** After a restart it continues with the present image. */
    public static Behavior<Command> create(FetcherSetup setup, Metadata metadata) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ReplicaFetchers fetchers = new ReplicaFetchers(setup, metadata, context, timers);
            fetchers.begin();
            return fetchers.running();
        }));
    }

    private Behavior<Command> running() {
        return BehaviorBuilder.<Command>create()
                .onMessage(RolesChanged.class, message -> with(() -> changed(message.change())))
                .onMessage(FetcherStopped.class, message -> with(() -> stopped(message)))
                .onMessage(StartAgain.class, message -> with(() -> startAgain(message.leader())))
                .build();
    }

    private static Behavior<Command> with(Runnable action) {
        action.run();
        return Behaviors.same();
    }

    /** Begins with the whole image as soon as this broker is registered: the controller takes no replica's place before. */
    private void begin() {
        ClusterImage image = metadata.image();
        if (image.offset() >= 0 && metadata.brokerEpoch() >= 0) {
            begun = true;
            image.topics().forEach(this::changed);
        }
    }

    private void changed(ImageChange change) {
        if (!begun) {
            begin();
            return;
        }
        for (Topic topic : change.deleted()) {
            topic.partitions().forEach(partition -> follow(new PartitionId(topic.id(), partition.index()), null));
        }
        change.touched().forEach(this::changed);
    }

    private void changed(Topic topic) {
        for (Partition state : topic.partitions()) {
            boolean follows = state.leader() >= 0
                    && state.leader() != self
                    && state.replicas().contains(self);
            follow(
                    new PartitionId(topic.id(), state.index()),
                    follows
                            ? new Followed(
                                    new TopicPartition(topic.name(), state.index()),
                                    state.leader(),
                                    state.leaderEpoch())
                            : null);
        }
    }

    /** @param next null if there is no leader to be copied */
    private void follow(PartitionId id, @Nullable Followed next) {
        Followed before = next == null ? followed.remove(id) : followed.put(id, next);
        if (Objects.equals(before, next)) {
            return;
        }
        boolean sameLeader = before != null && next != null && before.leader() == next.leader();
        if (before != null && !sameLeader) {
            leave(id, before.leader());
        }
        if (next != null) {
            if (!sameLeader) {
                count(next.leader(), 1);
            }
            tell(next.leader(), id, next);
        }
    }

    private void leave(PartitionId id, int leader) {
        Running from = count(leader, -1);
        if (from.partitions() == 0) {
            running.remove(leader);
            timers.cancel(leader);
            context.unwatch(from.fetcher());
            context.stop(from.fetcher());
        } else {
            from.fetcher().tell(new FetcherMessage.Leave(id));
        }
    }

    private Running count(int leader, int change) {
        Running known = running.get(leader);
        Running now = known == null
                ? new Running(start(leader), change)
                : new Running(known.fetcher(), known.partitions() + change);
        running.put(leader, now);
        return now;
    }

    private ActorRef<FetcherMessage> start(int leader) {
        ActorRef<FetcherMessage> fetcher = context.spawnAnonymous(
                ReplicaFetcher.create(leader, setup, setup.leaders().apply(leader)));
        context.watchWith(fetcher, new FetcherStopped(leader, fetcher));
        return fetcher;
    }

    private void tell(int leader, PartitionId id, Followed partition) {
        Running to = running.get(leader);
        if (to != null) {
            to.fetcher().tell(new FetcherMessage.Follow(id, partition.partition(), partition.leaderEpoch()));
        }
    }

    private void stopped(FetcherStopped message) {
        Running known = running.get(message.leader());
        if (known != null && known.fetcher().equals(message.fetcher())) {
            logger.error("The fetcher of broker {} has failed and starts again soon", message.leader());
            timers.startSingleTimer(message.leader(), new StartAgain(message.leader()), setup.backoff());
        }
    }

    private void startAgain(int leader) {
        Running known = running.get(leader);
        if (known != null) {
            running.put(leader, new Running(start(leader), known.partitions()));
            followed.forEach((id, partition) -> {
                if (partition.leader() == leader) {
                    tell(leader, id, partition);
                }
            });
        }
    }
}
