package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.api.ClientConnection;
import io.aeon.logging.ClientFaults;
import io.aeon.network.Connection.Ending;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MemoryReliefTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final ByteBudget requests = new ByteBudget(100);
    private final Connections connections = new Connections(
            () -> new ConnectionLimits(10, 10, Map.of()), () -> 10, any -> true, LONG, LONG, new ReadAhead(1 << 20));
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Ending> endings = new ArrayList<>();
    private final ByteBudget.Claim holder = requests.claim(10);
    private final ByteBudget.Claim waiter = requests.claim(10);

    @Test
    void aSlowConnectionIsResetAndAFaultOfItDoesNotEndTheRelief() {
        Connection slow = slowConnection();
        slow.onEnding(ending -> {
            endings.add(ending);
            throw new IllegalStateException("broken by the test");
        });
        contend();

        await().until(() -> {
            check();
            return !endings.isEmpty();
        });

        assertThat(endings).containsExactly(Ending.ABORT);
        assertThat(later).hasSize(1);
        holder.release();
        check();
        assertThat(later).isEmpty();
    }

    @Test
    void theReliefBeginsAgainWithTheNextClaimThatWaits() {
        contend();
        holder.release();
        check();
        assertThat(later).isEmpty();
        waiter.release();

        requests.claim(10).grow(200, true, () -> {});
        requests.claim(10).grow(60, true, () -> {});

        assertThat(later).hasSize(1);
    }

    private void contend() {
        new MemoryRelief(connections, requests, new ByteBudget(100), later::add).start();
        assertThat(holder.grow(200, true, () -> {})).isTrue();
        assertThat(waiter.grow(60, true, () -> {})).isFalse();
        assertThat(later).hasSize(1);
    }

    private void check() {
        try {
            later.remove().run();
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("broken by the test");
        }
    }

    private Connection slowConnection() {
        InetSocketAddress anywhere = new InetSocketAddress(1);
        Connection slow = new Connection(
                new ClientConnection("client", anywhere, anywhere),
                null,
                new ClientFaults(LoggerFactory.getLogger(MemoryReliefTest.class), System::nanoTime),
                ended -> {});
        assertThat(connections.admit(slow)).isTrue();
        slow.deadlines().frameStarted(System.nanoTime());
        slow.deadlines().frameSized(1000);
        return slow;
    }
}
