package io.aeon.broker.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.mailbox.Failable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class SupervisionTest {
    private final ActorTestKit kit = ActorKits.create();
    private final TestProbe<String> probe = kit.createTestProbe();
    private final AtomicLong nanos = new AtomicLong();

    private sealed interface Command {}

    private record Say(String word) implements Command {}

    private record Break(CompletableFuture<Void> reply) implements Command, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    private record Forgotten(CompletableFuture<Void> reply) implements Command, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void aHelperRestartsAndReadsTheMessagesThatWaited() {
        ActorRef<Command> helper = helper();

        said(Level.WARN, "The test helper failed", 1, () -> breakIt(helper));
        helper.tell(new Say("meanwhile"));

        probe.expectMessage("meanwhile");
    }

    @Test
    void afterRepeatedFailuresOfAHelperTheLogStatesTheEffectAndItIsRestarted() {
        ActorRef<Command> helper = helper();
        said(Level.WARN, "The test helper failed", 4, () -> {
            for (int failure = 1; failure <= 4; failure++) {
                breakIt(helper);
                runs(helper);
            }
        });

        said(Level.ERROR, "The test helper is down after 5 failures: nothing is tested", 1, () -> breakIt(helper));

        runs(helper);
    }

    @Test
    void distantFailuresOfAHelperAreCountedSeparately() {
        ActorRef<Command> helper = helper();
        said(Level.WARN, "The test helper failed", 7, () -> {
            for (int failure = 1; failure <= 7; failure++) {
                breakIt(helper);
                runs(helper);
                nanos.addAndGet(Supervision.LONGEST_BACKOFF.multipliedBy(3).toNanos());
            }
        });
    }

    @Test
    void theBackoffOfAHelperHasALimit() {
        ActorRef<Command> helper = helper(Duration.ofMillis(5));
        for (int failure = 1; failure <= 30; failure++) {
            breakIt(helper);
            runs(helper);
        }
    }

    @Test
    void aParentRestartsAtOnceALimitedNumberOfTimes() {
        ActorRef<Command> parent = kit.spawn(Supervision.parent(behavior(), Command.class, "test parent"));
        said(Level.ERROR, "test parent failed", Supervision.PARENT_RESTARTS, () -> {
            for (int restart = 0; restart < Supervision.PARENT_RESTARTS; restart++) {
                breakIt(parent);
                runs(parent);
            }
        });

        breakIt(parent);

        kit.createTestProbe().expectTerminated(parent);
    }

    @Test
    void aMessageThatAnActorDoesNotHandleIsLoggedAndFailed() {
        ActorRef<Command> parent = kit.spawn(Supervision.parent(behavior(), Command.class, "test parent"), "forgetful");
        CompletableFuture<Void> reply = new CompletableFuture<>();

        LoggingTestKit.error("forgetful cannot handle " + Forgotten.class.getName())
                .expect(kit.system(), () -> {
                    parent.tell(new Forgotten(reply));
                    return null;
                });

        assertThat(reply).failsWithin(PatientWaits.LIMIT);
        runs(parent);
    }

    private ActorRef<Command> helper() {
        return helper(Supervision.LONGEST_BACKOFF);
    }

    private ActorRef<Command> helper(Duration longest) {
        return kit.spawn(Supervision.helper(
                behavior(),
                Command.class,
                "test helper",
                "nothing is tested",
                longest,
                nanos::get,
                Duration.ofMillis(1)));
    }

    private Behavior<Command> behavior() {
        return Behaviors.receive(Command.class)
                .onMessage(Say.class, say -> {
                    probe.getRef().tell(say.word());
                    return Behaviors.same();
                })
                .onMessage(Break.class, message -> {
                    throw new IllegalStateException("broken by the test");
                })
                .build();
    }

    /** The waiting request gets the error. */
    private static void breakIt(ActorRef<Command> actor) {
        CompletableFuture<Void> reply = new CompletableFuture<>();
        actor.tell(new Break(reply));
        assertThat(reply).failsWithin(PatientWaits.LIMIT);
    }

    private void runs(ActorRef<Command> actor) {
        actor.tell(new Say("runs"));
        probe.expectMessage("runs");
    }

    private void said(Level level, String line, int times, Runnable when) {
        LoggingTestKit.empty()
                .withLogLevel(level)
                .withLoggerName(Supervision.class.getName())
                .withMessageContains(line)
                .withOccurrences(times)
                .expect(kit.system(), () -> {
                    when.run();
                    return null;
                });
    }
}
