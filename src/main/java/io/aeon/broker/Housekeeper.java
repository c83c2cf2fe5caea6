package io.aeon.broker;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;

/** Reminds the topics of what is due from time to time. */
final class Housekeeper {
    /** As long as Kafka leaves a broker alone after its start. */
    private static final Duration FIRST = Duration.ofSeconds(30);

    private Housekeeper() {}

    /** What the housekeeper is told by its own clock. */
    sealed interface Command {}

    private enum RetentionDue implements Command {
        NOW
    }

    private enum RestDue implements Command {
        NOW
    }

    /**
     * @param retention time between two checks of what the topics' retention allows to remove
     * @param idleTimeout time between two looks for partitions that were not used meanwhile
     */
    static Behavior<Command> create(ActorRef<Topics.Command> topics, Duration retention, Duration idleTimeout) {
        return Behaviors.withTimers(timers -> {
            Duration first = retention.compareTo(FIRST) < 0 ? retention : FIRST;
            timers.startTimerWithFixedDelay(RetentionDue.NOW, first, retention);
            timers.startTimerWithFixedDelay(RestDue.NOW, idleTimeout);
            return Behaviors.receive(Command.class)
                    .onMessage(RetentionDue.class, due -> {
                        topics.tell(Topics.Housekeep.NOW);
                        return Behaviors.same();
                    })
                    .onMessage(RestDue.class, due -> {
                        topics.tell(Topics.RestIdle.NOW);
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
