package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.Routes;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The checks of those that run the broker. {@code /healthz}: the process works, or else it is to be started again.
 * {@code /readyz}: clients are served. What is wrong besides is told below the first line and does not change the
 * status: a broker with a full disk still has readers, and a start does not repair a disk.
 */
public final class HealthChecks {
    private static final int UNAVAILABLE = 503;

    private final BrokerHealth health;

    public HealthChecks(BrokerHealth health) {
        this.health = health;
    }

    /** Adds both paths. */
    public void addTo(Routes routes) {
        routes.get("/healthz", query -> HttpAnswer.text(200, "ok\n" + problems()));
        routes.get("/readyz", query -> readiness());
    }

    private HttpAnswer readiness() {
        Optional<String> why = health.whyNotServing();
        return why.isPresent()
                ? HttpAnswer.text(UNAVAILABLE, "not ready: " + why.get() + "\n")
                : HttpAnswer.text(200, "ready\n" + problems());
    }

    private String problems() {
        return health.problems().stream()
                .map(problem -> "problem: " + problem + "\n")
                .collect(Collectors.joining());
    }
}
