package io.aeon;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives every wait of a test a minute: on a busy machine ten seconds fail tests in which nothing is wrong. A wait fails
 * only by its own condition: Awaitility would also fail it by an exception in a thread of another test, because the
 * tests run in parallel.
 */
public final class PatientWaits implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
