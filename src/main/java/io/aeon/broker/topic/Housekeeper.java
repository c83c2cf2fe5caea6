package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells the topics what is due, at regular intervals. */
public final class Housekeeper {
    /** Kafka too runs no retention in the first 30 seconds after a start. */
    private static final Duration FIRST = Duration.ofSeconds(30);

    private Housekeeper() {}

    /** The messages to the housekeeper, all from its own timers. */
    public sealed interface Command {}

    private enum RetentionDue implements Command {
        NOW
    }

    private enum RestDue implements Command {
        NOW
    }

    private enum CheckpointDue implements Command {
        NOW
    }

    private enum InSyncCheckDue implements Command {
        NOW
    }

    private enum ExpiryDue implements Command {
        NOW
    }

    /**
     * The intervals of recurring work.
     *
     * @param retention time between two applications of the topics' retention
     * @param idleTimeout time between two checks for partitions that were not used since the last check
     * @param inSyncCheck time between two checks for followers that lag too long
     * @param checkpoint time between two checkpoints of the high watermarks
     * @param expiry time between two checks for expired producers
     * @param producerAge time after its last record at which a producer expires; it may change
     */
    public record Schedule(
            Duration retention,
            Duration idleTimeout,
            Duration inSyncCheck,
            Duration checkpoint,
            Duration expiry,
            Supplier<Duration> producerAge) {
        /**
         * The intervals from the broker's settings.
         *
         * @param current the settings that count now
         */
        public static Schedule of(AeonSettings settings, Supplier<KafkaSettings> current) {
            KafkaSettings kafka = settings.kafka();
            return new Schedule(
                    kafka.getDuration("log.retention.check.interval.ms"),
                    settings.partitions().idleTimeout(),
                    Duration.ofMillis(Math.max(
                            1, kafka.getDuration("replica.lag.time.max.ms").toMillis() / 2)),
                    kafka.getDuration("replica.high.watermark.checkpoint.interval.ms"),
                    Duration.ofMillis(kafka.getInt("producer.id.expiration.check.interval.ms")),
                    () -> Duration.ofMillis(current.get().getInt("producer.id.expiration.ms")));
        }
    }

    /** @param topics receives a message for each kind of work that is due */
    public static Behavior<Command> create(ActorRef<TopicsCommand> topics, Schedule schedule, Clock clock) {
        return Behaviors.withTimers(timers -> {
            Duration retention = schedule.retention();
            Duration first = retention.compareTo(FIRST) < 0 ? retention : FIRST;
            timers.startTimerWithFixedDelay(RetentionDue.NOW, first, retention);
            timers.startTimerWithFixedDelay(RestDue.NOW, schedule.idleTimeout());
            timers.startTimerWithFixedDelay(InSyncCheckDue.NOW, schedule.inSyncCheck());
            timers.startTimerWithFixedDelay(CheckpointDue.NOW, schedule.checkpoint());
            timers.startTimerWithFixedDelay(ExpiryDue.NOW, schedule.expiry());
            return Behaviors.receive(Command.class)
                    .onMessage(RetentionDue.class, due -> {
                        topics.tell(TopicsCommand.Housekeep.NOW);
                        return Behaviors.same();
                    })
                    .onMessage(RestDue.class, due -> {
                        topics.tell(TopicsCommand.RestIdle.NOW);
                        return Behaviors.same();
                    })
                    .onMessage(InSyncCheckDue.class, due -> {
                        topics.tell(TopicsCommand.CheckInSync.NOW);
                        return Behaviors.same();
                    })
                    .onMessage(CheckpointDue.class, due -> {
                        topics.tell(TopicsCommand.CheckpointHighWatermarks.NOW);
                        return Behaviors.same();
                    })
                    .onMessage(ExpiryDue.class, due -> {
                        long timestamp =
                                clock.millis() - schedule.producerAge().get().toMillis();
                        topics.tell(new TopicsCommand.ExpireProducers(timestamp));
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
