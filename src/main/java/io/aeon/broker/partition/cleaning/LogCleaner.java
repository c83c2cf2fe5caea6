package io.aeon.broker.partition.cleaning;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.Partitions;
import io.aeon.storage.compaction.CompactionNeed;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the compaction of partitions, a few at a time, the dirtiest first. Partitions report when they are dirty, so an
 * idle cleaner does no work. A partition that cannot be compacted is logged with the reason and retried with growing
 * pauses, while the others continue. Reports survive a restart of this actor.
 */
public final class LogCleaner {
    private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);
    /** A topic may ask for a compaction in millions of years, and Akka's timers refuse more than 248 days. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Partitions partitions;
    private final Supplier<CleanerSettings> settings;
    private final Clock clock;
    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Map<TopicPartition, CompactionNeed> waiting;
    private final Map<TopicPartition, Failure> failures;
    private final Set<TopicPartition> running;

    private LogCleaner(
            Partitions partitions,
            Supplier<CleanerSettings> settings,
            Clock clock,
            Queue queue,
            ActorContext<Command> context,
            TimerScheduler<Command> timers) {
        this.partitions = partitions;
        this.settings = settings;
        this.clock = clock;
        this.waiting = queue.waiting();
        this.failures = queue.failures();
        this.running = queue.running();
        this.context = context;
        this.timers = timers;
    }

    /** The messages to the cleaner. */
    public sealed interface Command {}

    /** The compaction need of a partition; replaces its previous report. */
    public record Report(TopicPartition partition, CompactionNeed need) implements Command {}

    /** The compaction of some partition is due. */
    private enum Due implements Command {
        NOW
    }

    private record Ended(
            TopicPartition partition,
            @Nullable CompactionNeed need,
            @Nullable Throwable failure) implements Command {}

    /** The number of consecutive failures, and the reason of the last one. */
    private record Failure(int times, String reason) {}

    /** The state that survives a restart of the actor. */
    private record Queue(
            Map<TopicPartition, CompactionNeed> waiting,
            Map<TopicPartition, Failure> failures,
            Set<TopicPartition> running) {}

    /**
     * @param settings the limits that count now for compactions that begin
     * @param clock wall clock, for the times at which compaction is due
     */
    public static Behavior<Command> create(Partitions partitions, Supplier<CleanerSettings> settings, Clock clock) {
        Queue queue = new Queue(new HashMap<>(), new HashMap<>(), new HashSet<>());
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            LogCleaner cleaner = new LogCleaner(partitions, settings, clock, queue, context, timers);
            cleaner.next();
            return cleaner.running();
        }));
    }

    private Behavior<Command> running() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Report.class, this::onReport)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(Due.class, message -> next())
                .build();
    }

    /** Stores the content of the report before any step that can fail. */
    private Behavior<Command> onReport(Report report) {
        if (!running.contains(report.partition()) && !failures.containsKey(report.partition())) {
            await(report.partition(), report.need());
        }
        return next();
    }

    private void await(TopicPartition partition, CompactionNeed need) {
        if (need.dueMs() == CompactionNeed.NEVER) {
            waiting.remove(partition);
        } else {
            waiting.put(partition, need);
        }
    }

    private Behavior<Command> next() {
        long now = clock.millis();
        boolean more = true;
        while (more && running.size() < settings.get().threads()) {
            more = startDirtiest(now);
        }
        long earliest = waiting.values().stream()
                .mapToLong(CompactionNeed::dueMs)
                .filter(due -> due > now)
                .min()
                .orElse(CompactionNeed.NEVER);
        if (earliest == CompactionNeed.NEVER) {
            timers.cancel(Due.NOW);
        } else {
            timers.startSingleTimer(Due.NOW, Duration.ofMillis(Math.min(earliest - now, LONGEST_WAIT.toMillis())));
        }
        return Behaviors.same();
    }

    private boolean startDirtiest(long now) {
        return waiting.entrySet().stream()
                .filter(entry -> entry.getValue().dueMs() <= now)
                .max(Comparator.comparingDouble(entry -> entry.getValue().dirtyRatio()))
                .map(Map.Entry::getKey)
                .map(this::start)
                .isPresent();
    }

    private TopicPartition start(TopicPartition partition) {
        waiting.remove(partition);
        running.add(partition);
        CompletableFuture<CompactionNeed> reply = new CompletableFuture<>();
        context.pipeToSelf(reply, (need, failure) -> new Ended(partition, need, failure));
        try {
            partitions.tell(partition, new PartitionCommand.Compact(false, reply));
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
        return partition;
    }

    private Behavior<Command> onEnded(Ended ended) {
        TopicPartition partition = ended.partition();
        running.remove(partition);
        waiting.put(partition, new CompactionNeed(0, CompactionNeed.NOW));
        if (ended.need() != null) {
            if (failures.remove(partition) != null) {
                context.getLog().info("{} is compacted again", partition);
            }
            await(partition, ended.need());
        } else {
            onFailure(partition, cause(ended.failure()));
        }
        return next();
    }

    /**
     * A partition that is gone from this broker is forgotten. The library of a codec that cannot be loaded is a failure
     * like any other: the partition is still here and dirty.
     */
    private void onFailure(TopicPartition partition, Throwable cause) {
        if (cause instanceof ApiException && !(cause instanceof KafkaStorageException)) {
            failures.remove(partition);
            waiting.remove(partition);
            return;
        }
        Failure before = failures.getOrDefault(partition, new Failure(0, ""));
        Failure failure = new Failure(before.times() + 1, String.valueOf(cause));
        failures.put(partition, failure);
        if (!failure.reason().equals(before.reason())) {
            context.getLog()
                    .warn(
                            "{} cannot be compacted; it continues to serve and compaction is retried later",
                            partition,
                            cause);
        }
        long pause = settings.get().backoff().toMillis() << Math.min(before.times(), 20);
        long due = clock.millis() + Math.min(Math.max(pause, 1), LONGEST_BACKOFF.toMillis());
        waiting.put(partition, new CompactionNeed(0, due));
    }

    private static Throwable cause(@Nullable Throwable failure) {
        if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
            return wrapped.getCause();
        }
        return failure == null ? new IllegalStateException("no reason given") : failure;
    }
}
