package io.aeon.broker.topic;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.topic.Housekeeper.Schedule;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HousekeeperTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<TopicsCommand> topics = kit.createTestProbe();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void retentionIsDueHalfAMinuteAfterTheStartAndThenRegularly() {
        Schedule schedule = new Schedule(
                HOUR,
                HOUR.multipliedBy(9),
                HOUR.multipliedBy(9),
                HOUR.multipliedBy(9),
                HOUR.multipliedBy(9),
                () -> HOUR);
        spawn(Housekeeper.create(topics.getRef(), schedule, new FaultyClock(new AtomicInteger())));

        time.timePasses(Duration.ofSeconds(30));
        topics.expectMessage(TopicsCommand.Housekeep.NOW);
        time.timePasses(HOUR.minusSeconds(1));
        topics.expectNoMessage(Duration.ZERO);
        time.timePasses(Duration.ofSeconds(1));
        topics.expectMessage(TopicsCommand.Housekeep.NOW);
    }

    /** Kafka accepts hundreds of millions of years. */
    @Test
    void timesThatNoTimerCanWaitDoNotKeepOtherWorkFromBeingDue() {
        AeonSettings settings = AeonSettings.load(SettingsSources.given(Map.of(
                "aeon.kafka.log.retention.check.interval.ms", Long.MAX_VALUE,
                "aeon.kafka.replica.lag.time.max.ms", Long.MAX_VALUE,
                "aeon.kafka.replica.high.watermark.checkpoint.interval.ms", Long.MAX_VALUE)));
        Schedule schedule = Schedule.of(settings, settings::kafka);
        spawn(Housekeeper.create(topics.getRef(), schedule, new FaultyClock(new AtomicInteger())));

        time.timePasses(Duration.ofSeconds(30));
        topics.expectMessage(TopicsCommand.Housekeep.NOW);
    }

    @Test
    void theHighWatermarksAreCheckpointedRegularly() {
        Schedule schedule = new Schedule(HOUR, HOUR, HOUR, Duration.ofSeconds(5), HOUR, () -> HOUR);
        spawn(Housekeeper.create(topics.getRef(), schedule, new FaultyClock(new AtomicInteger())));

        for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
            time.timePasses(Duration.ofSeconds(5));
            topics.expectMessage(TopicsCommand.CheckpointHighWatermarks.NOW);
        }
    }

    @Test
    void afterAFaultAllTimersRunAgain() {
        Behavior<Housekeeper.Command> behavior = Housekeeper.create(
                topics.getRef(),
                new Schedule(HOUR, HOUR, HOUR, HOUR, MINUTE, () -> HOUR),
                new FaultyClock(new AtomicInteger(1)));
        ActorRef<Housekeeper.Command> housekeeper = spawn(behavior);
        time.timePasses(Duration.ofSeconds(30));
        topics.expectMessage(TopicsCommand.Housekeep.NOW);
        time.timePasses(Duration.ofSeconds(30));
        kit.createTestProbe().expectTerminated(housekeeper);

        spawn(behavior);
        time.timePasses(MINUTE);

        topics.expectMessage(TopicsCommand.Housekeep.NOW);
        topics.expectMessage(new TopicsCommand.ExpireProducers(-HOUR.toMillis()));
    }

    /** Returns when the timers are started. */
    private ActorRef<Housekeeper.Command> spawn(Behavior<Housekeeper.Command> behavior) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        ActorRef<Housekeeper.Command> spawned = kit.spawn(Behaviors.intercept(() -> new Started(started), behavior));
        PatientWaits.done(started);
        return spawned;
    }

    private static final class Started extends BehaviorInterceptor<Housekeeper.Command, Housekeeper.Command> {
        private final CompletableFuture<Void> started;

        private Started(CompletableFuture<Void> started) {
            super(Housekeeper.Command.class);
            this.started = started;
        }

        @Override
        public Behavior<Housekeeper.Command> aroundStart(
                TypedActorContext<Housekeeper.Command> context, PreStartTarget<Housekeeper.Command> target) {
            Behavior<Housekeeper.Command> behavior = target.start(context);
            started.complete(null);
            return behavior;
        }

        @Override
        public Behavior<Housekeeper.Command> aroundReceive(
                TypedActorContext<Housekeeper.Command> context,
                Housekeeper.Command message,
                ReceiveTarget<Housekeeper.Command> target) {
            return target.apply(context, message);
        }
    }

    /** A clock that stands at the epoch and throws a given number of times. */
    private static final class FaultyClock extends Clock {
        private final AtomicInteger faults;

        private FaultyClock(AtomicInteger faults) {
            this.faults = faults;
        }

        @Override
        public Instant instant() {
            if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("broken by the test");
            }
            return Instant.EPOCH;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
