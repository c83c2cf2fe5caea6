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
