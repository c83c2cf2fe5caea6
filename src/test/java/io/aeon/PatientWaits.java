package io.aeon;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives every wait of a test a minute: on a busy machine ten seconds fail tests in which nothing is wrong. A wait fails
 * only by its own condition: Awaitility would also fail it by an exception in a thread of another test, because the
 * tests run in parallel. JUnit registers this extension by itself.
 */
public final class PatientWaits implements BeforeAllCallback {
    public static final Duration LIMIT = Duration.ofMinutes(1);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(LIMIT);
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    /** The future's result; throws what it failed with, as {@link CompletableFuture#join} does. */
    public static <T> T done(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
