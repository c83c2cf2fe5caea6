package io.aeon.broker.mailbox;

import akka.actor.DeadLetter;
import akka.actor.Dropped;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fails the requests that an actor left unread when it stopped. Runs until all other actors have stopped. */
public final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private DeadLetters() {}

    /** Starts this for all actors of {@code system}. */
    public static void answer(ActorSystem<?> system) {
        system.systemActorOf(create(), "unread-requests", Props.empty());
    }

    private static Behavior<Object> create() {
        return Behaviors.setup(context -> {
            var stream = context.getSystem().eventStream();
            stream.tell(new EventStream.Subscribe<>(
                    DeadLetter.class, context.getSelf().narrow()));
            stream.tell(
                    new EventStream.Subscribe<>(Dropped.class, context.getSelf().narrow()));
            return Behaviors.receive(Object.class)
                    .onMessage(DeadLetter.class, letter -> fail(letter.message()))
                    .onMessage(Dropped.class, letter -> fail(letter.message()))
                    .build();
        });
    }

    private static Behavior<Object> fail(Object message) {
        if (message instanceof Failable failable) {
            try {
                failable.fail(new NotLeaderOrFollowerException("the actor stopped before it read the request"));
            } catch (RuntimeException e) {
                LOG.debug("{} could not be failed", message.getClass().getSimpleName(), e);
            }
        }
        return Behaviors.same();
    }
}
