package io.aeon.broker.replica;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.AppendAsFollower;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.partition.PartitionCommand.Truncate;
import io.aeon.broker.partition.Truncation;
import io.aeon.broker.replica.FetcherMessage.Done;
import io.aeon.broker.replica.FetcherMessage.Follow;
import io.aeon.broker.replica.FetcherMessage.Leave;
import io.aeon.broker.replica.FetcherMessage.Locate;
import io.aeon.broker.replica.FetcherMessage.Located;
import io.aeon.broker.replica.FetcherMessage.Lost;
import io.aeon.broker.replica.FetcherMessage.Next;
import io.aeon.replication.Fetcher;
import io.aeon.replication.FetcherCommand;
import io.aeon.replication.FetcherCommand.Answered;
import io.aeon.replication.FetcherCommand.Assign;
import io.aeon.replication.FetcherCommand.Failed;
import io.aeon.replication.FetcherCommand.OffsetsFound;
import io.aeon.replication.FetcherCommand.OffsetsUnknown;
import io.aeon.replication.FetcherCommand.Remove;
import io.aeon.replication.FetcherCommand.Stored;
import io.aeon.replication.FetcherCommand.Tick;
import io.aeon.replication.FetcherEffect;
import io.aeon.replication.FetcherEffect.Append;
import io.aeon.replication.FetcherEffect.FindOffsets;
import io.aeon.replication.FetcherEffect.Send;
import io.aeon.replication.FetcherEffect.StartAnew;
import io.aeon.replication.FetcherEffect.TruncateTo;
import io.aeon.replication.LogPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the partitions that one broker leads: the shell of a {@link Fetcher}, which decides what is done. A partition
 * whose log cannot do it is asked for its position again after a pause.
 */
final class ReplicaFetcher {
    private static final Logger logger = LoggerFactory.getLogger(ReplicaFetcher.class);
    private static final ByteBuffer NO_RECORDS = ByteBuffer.allocate(0).asReadOnlyBuffer();
    /** How often a fetcher without a request under way looks whether one is due. */
    private static final Duration TICK = Duration.ofMillis(20);

    private final int leader;
    private final FetcherSetup setup;
    private final LeaderConnection connection;
    private final Fetcher<PartitionId, ByteBuffer> fetcher;
    private final Map<PartitionId, Copied> copies = new HashMap<>();
    /** The partitions whose logs had no records when this fetcher began to copy them, until the first answer. */
    private final Set<PartitionId> empty = new HashSet<>();

    private final ActorContext<FetcherMessage> context;
    private final TimerScheduler<FetcherMessage> timers;
    private boolean isReached = true;

    /** A partition that this fetcher copies. */
    private record Copied(TopicPartition partition, int leaderEpoch) {}

    private ReplicaFetcher(
            int leader,
            FetcherSetup setup,
            LeaderConnection connection,
            ActorContext<FetcherMessage> context,
            TimerScheduler<FetcherMessage> timers) {
        this.leader = leader;
        this.setup = setup;
        this.connection = connection;
        this.fetcher =
                new Fetcher<>(setup.backoff().toMillis(), setup.patience().toMillis(), this::isHeld);
        this.context = context;
        this.timers = timers;
    }

    /** @param connection closed when the fetcher stops */
    static Behavior<FetcherMessage> create(int leader, FetcherSetup setup, LeaderConnection connection) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new ReplicaFetcher(leader, setup, connection, context, timers).running()));
    }

    private Behavior<FetcherMessage> running() {
        return BehaviorBuilder.<FetcherMessage>create()
                .onMessage(Follow.class, message -> with(() -> follow(message)))
                .onMessage(Leave.class, message -> with(() -> leave(message.id())))
                .onMessage(Located.class, message -> with(() -> located(message)))
                .onMessage(Done.class, message -> with(() -> done(message)))
                .onMessage(Locate.class, message -> with(() -> locate(message.id(), message.leaderEpoch())))
                .onMessage(Next.class, message -> with(() -> next(message)))
                .onMessage(Lost.class, message -> with(() -> lost(message)))
                .onSignal(PostStop.class, signal -> with(connection::close))
                .build();
    }

    private static Behavior<FetcherMessage> with(Runnable action) {
        action.run();
        return Behaviors.same();
    }

    private void follow(Follow follow) {
        copies.put(follow.id(), new Copied(follow.partition(), follow.leaderEpoch()));
        locate(follow.id(), follow.leaderEpoch());
    }

    private void leave(PartitionId id) {
        copies.remove(id);
        empty.remove(id);
        step(new Remove<>(id));
    }

    private @Nullable Copied copied(PartitionId id, int leaderEpoch) {
        Copied copied = copies.get(id);
        return copied != null && copied.leaderEpoch() == leaderEpoch ? copied : null;
    }

    private void locate(PartitionId id, int leaderEpoch) {
        ask(
                id,
                leaderEpoch,
                reply -> new FindPosition(leaderEpoch, reply),
                (position, failure) -> new Located(id, leaderEpoch, position, failure));
    }

    private void located(Located located) {
        if (copied(located.id(), located.leaderEpoch()) == null) {
            return;
        }
        LogPosition position = located.position();
        if (position != null) {
            if (position.end() == 0) {
                empty.add(located.id());
            }
            step(new Assign<>(located.id(), located.leaderEpoch(), position));
        } else {
            locateLater(located.id(), located.leaderEpoch(), located.failure());
        }
    }

    private void locateLater(PartitionId id, int leaderEpoch, @Nullable Throwable why) {
        logger.debug("{} in epoch {} cannot be copied now", copies.get(id), leaderEpoch, why);
        timers.startSingleTimer(id, new Locate(id, leaderEpoch), setup.backoff());
    }

    private void done(Done done) {
        if (copied(done.id(), done.leaderEpoch()) == null) {
            return;
        }
        LogPosition position = done.position();
        if (position == null) {
            locateLater(done.id(), done.leaderEpoch(), done.failure());
        } else if (done.start() > position.start()) {
            change(done.id(), done.leaderEpoch(), new Truncation.Before(done.start()));
        } else {
            step(new Stored<>(done.id(), done.leaderEpoch(), position));
        }
    }

    private void step(FetcherCommand<PartitionId, ByteBuffer> command) {
        fetcher.step(command, setup.clock().getAsLong()).forEach(this::perform);
        if (fetcher.isIdle() && !copies.isEmpty() && !timers.isTimerActive(TICK)) {
            timers.startSingleTimer(TICK, new Next(new Tick<>()), TICK);
        }
    }

    private void perform(FetcherEffect<PartitionId, ByteBuffer> effect) {
        if (effect instanceof Send<PartitionId, ByteBuffer> send) {
            long request = send.request().id();
            context.pipeToSelf(
                    connection.fetch(send.request()),
                    (answer, failure) -> answer == null ? new Lost(request, failure) : new Next(answer));
        } else if (effect instanceof Append<PartitionId, ByteBuffer> append) {
            append(append);
        } else if (effect instanceof FetcherEffect.Truncate<PartitionId, ByteBuffer> truncate) {
            remove(truncate.partition(), truncate.leaderEpoch(), new Truncation.ToEpochEnd(truncate.leaderEnd()));
        } else if (effect instanceof TruncateTo<PartitionId, ByteBuffer> truncate) {
            remove(truncate.partition(), truncate.leaderEpoch(), new Truncation.ToOffset(truncate.offset()));
        } else if (effect instanceof StartAnew<PartitionId, ByteBuffer> anew) {
            remove(anew.partition(), anew.leaderEpoch(), new Truncation.Whole(anew.offset()));
        } else if (effect instanceof FindOffsets<PartitionId, ByteBuffer> find) {
            findRange(find.partition(), find.leaderEpoch());
        }
    }

    private void lost(Lost lost) {
        if (isReached) {
            logger.warn("Broker {} cannot be fetched from and is tried again", leader, lost.why());
        }
        isReached = false;
        step(new Failed<>(lost.request()));
    }

    private void next(Next next) {
        if (!isReached && next.command() instanceof Answered) {
            logger.info("Broker {} answers again", leader);
            isReached = true;
        }
        step(next.command());
    }

    private boolean isHeld(PartitionId id) {
        Copied copied = copies.get(id);
        return copied != null && setup.throttle().holds(copied.partition());
    }

    private void append(Append<PartitionId, ByteBuffer> append) {
        PartitionId id = append.partition();
        int epoch = append.leaderEpoch();
        ByteBuffer records = append.records() == null ? NO_RECORDS : append.records();
        Copied copied = copied(id, epoch);
        if (copied != null) {
            setup.throttle().copied(copied.partition(), records.remaining());
        }
        if (empty.remove(id) && append.highWatermark() > 0) {
            logger.info(
                    "{} has no records here and is copied from broker {}, which has them up to offset {}",
                    copies.get(id),
                    leader,
                    append.highWatermark());
        }
        long start = Math.min(append.logStart(), append.highWatermark());
        ask(
                id,
                epoch,
                reply -> new AppendAsFollower(records, epoch, append.highWatermark(), reply),
                (position, failure) -> new Done(id, epoch, start, position, failure));
    }

    /** Removes records that the leader does not have. */
    private void remove(PartitionId id, int leaderEpoch, Truncation truncation) {
        logger.info("{} differs from the log of broker {}: {}", copies.get(id), leader, truncation);
        change(id, leaderEpoch, truncation);
    }

    private void change(PartitionId id, int leaderEpoch, Truncation truncation) {
        ask(
                id,
                leaderEpoch,
                reply -> new Truncate(truncation, leaderEpoch, reply),
                (position, failure) -> new Done(id, leaderEpoch, -1, position, failure));
    }

    private void findRange(PartitionId id, int leaderEpoch) {
        Copied copied = copied(id, leaderEpoch);
        if (copied != null) {
            context.pipeToSelf(
                    connection.findRange(copied.partition(), leaderEpoch),
                    (range, failure) -> new Next(
                            range == null
                                    ? new OffsetsUnknown<>(id, leaderEpoch)
                                    : new OffsetsFound<>(id, leaderEpoch, range.start(), range.end())));
        }
    }

    /** What becomes of a partition's reply. */
    private interface Outcome {
        FetcherMessage of(@Nullable LogPosition position, @Nullable Throwable failure);
    }

    private void ask(
            PartitionId id,
            int leaderEpoch,
            Function<CompletableFuture<LogPosition>, PartitionCommand> command,
            Outcome outcome) {
        Copied copied = copied(id, leaderEpoch);
        if (copied != null) {
            CompletableFuture<LogPosition> reply = new CompletableFuture<>();
            context.pipeToSelf(reply, outcome::of);
            setup.partitions().tell(copied.partition(), command.apply(reply));
        }
    }
}
