package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.Note;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.StateMachine;
import io.aeon.metadata.ClusterImage.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/** A minimal kind of coordinators: counters by name that fail on request. */
final class CounterKind implements CoordinatorKind<CounterKind.Command, CounterKind.Stored, String> {
    static final String TOPIC = "__counters";

    final List<Long> refusals = new CopyOnWriteArrayList<>();

    /** For 100 counters with actors; a counter takes ten. */
    final HeapShare heap = new HeapShare(100 * (10 + Coordinator.HEAP_BYTES), System::nanoTime, refusals::add);

    /** The durable values. */
    final Map<String, Integer> log = new ConcurrentHashMap<>();

    /** The operations that fail, by counter. */
    final Map<String, Fault> faults = new ConcurrentHashMap<>();

    /** The replays that the test holds back. */
    final List<Runnable> held = new ArrayList<>();

    final AtomicInteger replays = new AtomicInteger();
    volatile RuntimeException unreadable;
    volatile boolean holds;
    volatile boolean haveWork;

    enum Fault {
        STEP,
        START,
        CONCERNS,
        LISTING
    }

    sealed interface Command {}

    /** Increments the counter; the reply is sent after the value has become durable. */
    record Raise(CompletableFuture<Errors> reply) implements Command, Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }

        @Override
        public boolean creates() {
            return true;
        }
    }

    /** Gets no reply. */
    record Wait(CompletableFuture<Errors> reply) implements Command, Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /** Adds to all counters. */
    record AddToAll(int number) implements Command {}

    /** Doubles all counters. */
    record DoubleAll() implements Command {}

    record Stored(int value, List<Reply<?>> replies, List<Note> notes) implements Effects {}

    @Override
    public String noun() {
        return "counter";
    }

    @Override
    public HeapShare heap() {
        return heap;
    }

    @Override
    public Errors full() {
        return Errors.POLICY_VIOLATION;
    }

    @Override
    public String topic() {
        return TOPIC;
    }

    @Override
    public List<Periodic<Command>> periodic() {
        return List.of(new Periodic<>(new DoubleAll(), Duration.ofHours(1)));
    }

    @Override
    public Optional<Command> merged(Command earlier, Command later) {
        return earlier instanceof AddToAll first && later instanceof AddToAll second
                ? Optional.of(new AddToAll(first.number() + second.number()))
                : CoordinatorKind.super.merged(earlier, later);
    }

    @Override
    public CoordinatorStore<Command, Stored, String> store(TopicIdPartition partition, Partition role) {
        return new CoordinatorStore<>() {
            @Override
            public StateMachine<Command, Stored, String> absent(String id) {
                return new Counter(id, 0);
            }

            @Override
            public synchronized CompletableFuture<List<StateMachine<Command, Stored, String>>> replay(
                    Predicate<String> wanted) {
                replays.incrementAndGet();
                CompletableFuture<List<StateMachine<Command, Stored, String>>> read = new CompletableFuture<>();
                Runnable answer = () -> {
                    if (unreadable != null) {
                        read.completeExceptionally(unreadable);
                    } else {
                        read.complete(log.entrySet().stream()
                                .filter(each -> wanted.test(each.getKey()))
                                .<StateMachine<Command, Stored, String>>map(
                                        each -> new Counter(each.getKey(), each.getValue()))
                                .toList());
                    }
                };
                if (holds) {
                    held.add(answer);
                } else {
                    answer.run();
                }
                return read;
            }

            @Override
            public boolean isSnapshotDue() {
                return false;
            }

            @Override
            public CompletableFuture<Void> takeSnapshot(int leaderEpoch) {
                throw new AssertionError("no snapshot is due");
            }

            @Override
            public Work<Stored> work(String id, Consumer<Command> outcomes) {
                return new Work<>() {
                    @Override
                    public void begin(Stored effects) {
                        if (effects.value() > 0) {
                            log.put(id, effects.value());
                        }
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }

    private final class Counter implements StateMachine<Command, Stored, String> {
        @Override
        public long heapBytes() {
            return 10;
        }

        private final String id;
        private int value;
        private boolean waitedFor;

        Counter(String id, int value) {
            this.id = id;
            this.value = value;
        }

        private void mayFail(Fault here) {
            if (faults.get(id) == here) {
                throw new IllegalStateException("made by the test: " + here);
            }
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Stored start(Now now) {
            mayFail(Fault.START);
            return new Stored(0, List.of(), List.of(new Note(Level.DEBUG, "starts")));
        }

        @Override
        public Stored step(Command command, Now now) {
            mayFail(Fault.STEP);
            if (command instanceof Raise raise) {
                value++;
                return new Stored(value, List.of(new Reply<>(raise.reply(), Errors.NONE)), List.of());
            }
            if (command instanceof Wait) {
                waitedFor = true;
            } else if (command instanceof AddToAll add) {
                value += add.number();
            } else {
                value *= 2;
            }
            return new Stored(value, List.of(), List.of());
        }

        @Override
        public Stored tick(Now now) {
            return new Stored(0, List.of(), List.of());
        }

        @Override
        public Optional<Long> nextDeadline() {
            return Optional.empty();
        }

        @Override
        public boolean hasWork() {
            return haveWork;
        }

        @Override
        public boolean isIdle() {
            return !waitedFor;
        }

        @Override
        public boolean isVacant() {
            return value == 0;
        }

        @Override
        public boolean concerns(Command command, Now now) {
            mayFail(Fault.CONCERNS);
            return command instanceof DoubleAll || command instanceof AddToAll;
        }

        @Override
        public Optional<String> listing() {
            mayFail(Fault.LISTING);
            return Optional.of(id + "=" + value);
        }
    }
}
