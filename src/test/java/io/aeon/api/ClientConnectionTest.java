package io.aeon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientConnectionTest {
    private final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private final ClientConnection connection = new ClientConnection("client", address, address);
    private final List<String> told = new ArrayList<>();

    @Test
    void aRegisteredActionRunsOnceWhenTheConnectionEnds() {
        var first = connection.onEnd(() -> told.add("first"));
        var second = connection.onEnd(() -> told.add("second"));
        assertThat(told).isEmpty();

        connection.ended();
        connection.ended();
        first.cancel();
        second.cancel();

        assertThat(told).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void aCancelledActionDoesNotRun() {
        var first = connection.onEnd(() -> told.add("first"));
        connection.onEnd(() -> told.add("second"));
        first.cancel();
        first.cancel();

        connection.ended();

        assertThat(told).containsExactly("second");
    }

    @Test
    void anActionRegisteredAfterTheEndRunsAtOnce() {
        connection.ended();

        connection.onEnd(() -> told.add("late"));

        assertThat(told).containsExactly("late");
    }

    @Test
    void anActionMayRegisterAndCancelOtherActions() {
        var other = connection.onEnd(() -> told.add("other"));
        connection.onEnd(() -> {
            other.cancel();
            connection.onEnd(() -> told.add("nested"));
        });

        connection.ended();

        assertThat(told).contains("nested");
    }

    @Test
    void itsTextNamesTheClientsSoftwareAndAddress() {
        assertThat(connection).hasToString("unknown at 127.0.0.1:1 (listener client)");
        connection.software(new ClientConnection.Software("librdkafka", "2.3.0"));
        assertThat(connection).hasToString("librdkafka 2.3.0 at 127.0.0.1:1 (listener client)");
    }
}
