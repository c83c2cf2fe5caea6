package io.aeon.broker;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.aeon.PatientWaits;
import java.util.Map;

/** Actor systems for tests, whose probes and log expectations wait as long as all other waits of a test. */
public final class ActorKits {
    private static final Config PATIENT = ConfigFactory.parseMap(Map.of(
            "akka.actor.testkit.typed.single-expect-default", PatientWaits.LIMIT,
            "akka.actor.testkit.typed.filter-leeway", PatientWaits.LIMIT,
            "akka.actor.testkit.typed.default-timeout", PatientWaits.LIMIT,
            "akka.actor.testkit.typed.system-shutdown-default", PatientWaits.LIMIT,
            "akka.log-dead-letters", "off"));

    private ActorKits() {}

    public static ActorTestKit create() {
        return ActorTestKit.create(PATIENT);
    }

    /** Timers run when the test lets time pass. */
    public static ActorTestKit withManualTime() {
        return ActorTestKit.create(ManualTime.config().withFallback(PATIENT));
    }
}
