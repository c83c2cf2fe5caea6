package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.threads.FairExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class HeavyTurnTest {
    private final List<String> done = new ArrayList<>();
    private final Queue<Runnable> ofFirst = new ArrayDeque<>();
    private final FairExecutor turns = new FairExecutor(Runnable::run, 1);
    private final HeavyTurn first = new HeavyTurn(turns, Streams.connection(), ofFirst::add);
    private final HeavyTurn second = new HeavyTurn(turns, Streams.connection(), Runnable::run);

    @Test
    void theNextConnectionHasItsTurnWhenTheWorkHasReturned() {
        first.await(() -> done.add("first"));
        second.await(() -> done.add("second"));
        assertThat(done).isEmpty();

        ofFirst.remove().run();

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void aLayerThatStopsGivesItsTurnBackWithoutItsWork() {
        first.await(() -> done.add("first"));
        second.await(() -> done.add("second"));

        first.stopped();

        assertThat(done).containsExactly("second");
    }

    @Test
    void aLayerThatStopsDoesNotWaitForATurnAnyMore() {
        Queue<Runnable> threads = new ArrayDeque<>();
        FairExecutor few = new FairExecutor(threads::add, 1);
        HeavyTurn gone = new HeavyTurn(few, Streams.connection(), Runnable::run);
        HeavyTurn other = new HeavyTurn(few, Streams.connection(), Runnable::run);
        other.await(() -> done.add("other"));
        gone.await(() -> done.add("gone"));

        gone.stopped();
        threads.remove().run();

        assertThat(threads).isEmpty();
        assertThat(done).containsExactly("other");
    }

    @Test
    void aLayerThatAsksInItsTurnHasItAtOnce() {
        assertThat(first.isOn(() -> done.add("turn " + first.isOn(() -> done.add("never")))))
                .isFalse();
        assertThat(first.isOn(() -> done.add("never"))).isFalse();

        ofFirst.remove().run();

        assertThat(done).containsExactly("turn true");
        assertThat(ofFirst).isEmpty();
    }

    @Test
    void aLayerThatStopsBeforeItsTurnDoesNotKeepIt() {
        second.await(() -> {
            first.await(() -> done.add("first"));
            first.stopped();
            done.add("second");
        });
        second.await(() -> done.add("second again"));

        assertThat(done).containsExactly("second", "second again");
    }
}
