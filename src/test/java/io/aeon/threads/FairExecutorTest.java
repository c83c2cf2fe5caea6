package io.aeon.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FairExecutorTest {
    private static final CompletableFuture<?> DONE = CompletableFuture.completedFuture(null);

    private final Queue<Runnable> held = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    @Test
    void ownersTakeTurnsAndTheTasksOfEachKeepTheirOrder() {
        FairExecutor fair = new FairExecutor(held::add, 1);
        give(fair, "a", "a1");
        give(fair, "a", "a2");
        give(fair, "a", "a3");
        give(fair, "b", "b1");
        give(fair, "c", "c1");
        give(fair, "b", "b2");

        runAll();

        assertThat(done).containsExactly("a1", "b1", "c1", "a2", "b2", "a3");
    }

    @Test
    void aFewRunAtTheSameTimeButOnlyOneOfEachOwner() {
        FairExecutor fair = new FairExecutor(held::add, 2);
        give(fair, "a", "a1");
        give(fair, "a", "a2");
        assertThat(held).hasSize(1);
        give(fair, "b", "b1");
        give(fair, "c", "c1");
        assertThat(held).hasSize(2);

        held.remove().run();

        assertThat(done).containsExactly("a1");
        assertThat(held).hasSize(2);
        runAll();
        assertThat(done).containsExactly("a1", "b1", "c1", "a2");
    }

    @Test
    void anOwnerIsBusyUntilItsLastTaskHasRun() {
        FairExecutor fair = new FairExecutor(held::add, 1);
        fair.execute("a", () -> {
            assertThat(fair.isBusy("a")).isTrue();
            return DONE;
        });
        assertThat(fair.isBusy("a")).isTrue();
        assertThat(fair.isBusy("b")).isFalse();

        runAll();

        assertThat(fair.isBusy("a")).isFalse();
    }

    @Test
    void aTaskThatThrowsStopsNoOther() {
        FairExecutor fair = new FairExecutor(held::add, 1);
        fair.execute("a", () -> {
            throw new IllegalStateException("broken");
        });
        give(fair, "a", "a2");

        assertThatThrownBy(() -> held.remove().run()).hasMessage("broken");
        runAll();

        assertThat(done).containsExactly("a2");
        assertThat(fair.isBusy("a")).isFalse();
    }

    @Test
    void aTurnLastsUntilItsTaskIsComplete() {
        FairExecutor fair = new FairExecutor(held::add, 1);
        CompletableFuture<Void> elsewhere = new CompletableFuture<>();
        fair.execute("a", () -> elsewhere);
        give(fair, "a", "a2");
        give(fair, "b", "b1");
        runAll();
        assertThat(done).isEmpty();

        elsewhere.completeExceptionally(new IllegalStateException("broken"));
        runAll();

        assertThat(done).containsExactly("b1", "a2");
    }

    @Test
    void aTaskThatIsWithdrawnTakesNoTurn() {
        FairExecutor fair = new FairExecutor(held::add, 1);
        FairExecutor.Task unwanted = () -> {
            done.add("unwanted");
            return DONE;
        };
        give(fair, "a", "a1");
        fair.execute("b", unwanted);
        fair.execute("c", unwanted);
        give(fair, "c", "c1");

        fair.withdraw("b", unwanted);
        fair.withdraw("c", unwanted);
        assertThat(fair.isBusy("b")).isFalse();
        held.remove().run();
        assertThat(held).hasSize(1);
        runAll();

        assertThat(done).containsExactly("a1", "c1");
        assertThat(fair.isBusy("c")).isFalse();
    }

    @Test
    void aTaskThatRunsCanNotBeWithdrawn() {
        FairExecutor fair = new FairExecutor(held::add, 1);
        FairExecutor.Task wanted = () -> {
            done.add("a1");
            return DONE;
        };
        fair.execute("a", wanted);

        fair.withdraw("a", wanted);
        fair.withdraw("b", wanted);
        runAll();

        assertThat(done).containsExactly("a1");
        assertThat(fair.isBusy("a")).isFalse();
    }

    private void give(FairExecutor fair, String owner, String task) {
        fair.execute(owner, () -> {
            done.add(task);
            return DONE;
        });
    }

    private void runAll() {
        while (!held.isEmpty()) {
            held.remove().run();
        }
    }
}
