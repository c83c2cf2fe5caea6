package io.aeon.e2e;

import io.aeon.control.BrokerControl;
import io.aeon.embedded.Aeon;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A broker with default settings for all tests of one class. */
final class SharedBroker implements BeforeAllCallback, AfterAllCallback {
    private final Clients clients = new Clients(() -> running().bootstrapServers());
    private @Nullable Aeon running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = Aeon.builder().start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        running().close();
    }

    private Aeon running() {
        if (running == null) {
            throw new IllegalStateException("the broker does not run");
        }
        return running;
    }

    BrokerControl control() {
        return running().control();
    }

    int port() {
        return running().port();
    }

    Clients clients() {
        return clients;
    }
}
