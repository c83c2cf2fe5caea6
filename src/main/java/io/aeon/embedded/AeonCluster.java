package io.aeon.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes in this JVM that form a cluster, each a broker and a controller. A node can be stopped, killed and
 * started again; its addresses and its data stay. Methods block until they have done their work; one thread at a time
 * calls them.
 *
 * <pre>{@code
 * try (AeonCluster cluster = Aeon.cluster(3).start()) {
 *     producerSettings.put("bootstrap.servers", cluster.bootstrapServers());
 *     cluster.kill(1);
 * }
 * }</pre>
 */
public final class AeonCluster implements AutoCloseable {
    /** What counts for a node unless it is set, with {@link AeonBuilder#DEFAULTS}. */
    static final Map<String, Object> DEFAULTS = Map.of("aeon.listeners.controller.port", 0);

    private static final Duration LONGEST_FORMATION = Duration.ofMinutes(2);
    private static final long PAUSE_MS = 50;

    private final int size;
    private final Map<String, Object> settings;
    private final Path data;
    private final @Nullable TemporaryDirectory temporary;
    /** By their ids; those that their control has killed, too. A node that stops leaves on a thread of its own. */
    private final ConcurrentNavigableMap<Integer, Aeon> running = new ConcurrentSkipListMap<>();

    private final SortedMap<Integer, Addresses> addresses = new TreeMap<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean closing;
    /** What the node that starts has opened; null while none starts. */
    private volatile @Nullable OpenParts starting;

    /**
     * Where a node listens from its first start on, for clients and for other nodes.
     *
     * @param ports those of all its listeners, as settings
     */
    private record Addresses(String clients, String controller, Map<String, Object> ports) {
        static Addresses of(Aeon node) {
            return new Addresses(node.bootstrapServers(), node.controller().orElseThrow(), node.ports());
        }
    }

    AeonCluster(int size, Map<String, Object> settings, Path data, @Nullable TemporaryDirectory temporary) {
        this.size = size;
        this.settings = settings;
        this.data = data;
        this.temporary = temporary;
    }

    /**
     * The first node founds the cluster, the others join it.
     *
     * @throws StartException a node cannot start
     * @throws IllegalStateException {@link #close} was called
     */
    void form() {
        IntStream.rangeClosed(1, size).forEach(this::start);
        await(() -> voters() == size, "voters");
        await(() -> running.values().stream().allMatch(node -> brokersSeenBy(node) == size), "brokers");
        requireOpen();
    }

    private void requireOpen() {
        if (closing) {
            throw new IllegalStateException("the cluster is closed");
        }
    }

    private int voters() {
        Aeon first = running.get(1);
        if (first == null) {
            return 0;
        }
        try {
            return first.metadata().controller().countVoters().join();
        } catch (CompletionException e) {
            return 0;
        }
    }

    private static long brokersSeenBy(Aeon node) {
        return node.metadata().image().brokers().stream()
                .filter(broker -> !broker.fenced())
                .count();
    }

    private void await(BooleanSupplier condition, String what) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            requireOpen();
            if (System.nanoTime() - begun > LONGEST_FORMATION.toNanos()) {
                throw new StartException("the nodes have not all become " + what + " within " + LONGEST_FORMATION);
            }
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, PAUSE_MS, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /** The addresses of all nodes, also of those that do not run; the value for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return addresses.values().stream().map(Addresses::clients).collect(Collectors.joining(","));
    }

    /** The ids of the nodes that run. */
    public SortedSet<Integer> nodes() {
        return running.entrySet().stream()
                .filter(node -> node.getValue().lives())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * A node that runs, or that its {@link Aeon#control() control} has killed and can restart.
     *
     * @throws IllegalArgumentException there is no such node
     */
    public Aeon node(int id) {
        Aeon node = running.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node " + id + " runs, only " + running.keySet());
        }
        return node;
    }

    /**
     * Starts a node that was stopped or killed, and returns when it is in service. If its data are lost, this may take
     * until its former session has expired ({@code broker.session.timeout.ms}).
     *
     * @throws StartException the node cannot start
     * @throws IllegalStateException the cluster is closed
     */
    public synchronized void start(int id) {
        requireOpen();
        if (id < 1 || id > size) {
            throw new IllegalArgumentException("node " + id + " is none of the " + size + " nodes");
        }
        Aeon former = running.get(id);
        if (former != null) {
            throw new IllegalArgumentException(
                    former.lives()
                            ? "node " + id + " runs"
                            : "node " + id + " was killed by its control(); restart it there");
        }
        AeonBuilder builder = Aeon.builder().ofCluster();
        DEFAULTS.forEach(builder::set);
        settings.forEach(builder::set);
        builder.set("aeon.node-id", id);
        String others = addresses.entrySet().stream()
                .filter(each -> each.getKey() != id)
                .map(each -> each.getValue().controller())
                .collect(Collectors.joining(","));
        if (!others.isEmpty()) {
            builder.set("aeon.join", others);
        }
        Addresses known = addresses.get(id);
        if (known != null) {
            builder.above(known.ports());
        }
        Aeon node = started(builder.dataDirectory(data.resolve(Integer.toString(id))));
        running.put(id, node);
        node.whenStopped().whenComplete((stopped, failure) -> running.remove(id, node));
        addresses.put(id, Addresses.of(node));
    }

    private Aeon started(AeonBuilder builder) {
        OpenParts parts = new OpenParts();
        starting = parts;
        try {
            requireOpen();
            return builder.start(parts);
        } finally {
            starting = null;
        }
    }

    /** Stops a node cleanly: its partitions get other leaders before. */
    public void stop(int id) {
        Aeon node = node(id);
        node.close();
        running.remove(id, node);
    }

    /**
     * Ends a node as a kill of its process would, in the eyes of clients and other nodes. Its files are closed in
     * order, though, and its faults end. {@link #start} starts it again.
     */
    public void kill(int id) {
        Aeon node = node(id);
        end(node);
        running.remove(id, node);
    }

    private void stopAtEnd(Aeon node) {
        if (temporary == null) {
            node.close();
        } else {
            end(node);
        }
    }

    /** By its control, so that no fault of a test holds up the end. */
    private static void end(Aeon node) {
        if (node.lives()) {
            node.control().kill();
        }
        node.close();
    }

    /**
     * Stops all nodes: cleanly if their data remain, or else at once. The temporary directory is removed even if a node
     * fails to stop. Idempotent; a call from another thread waits for the one in progress, and ends the start of a
     * node. No node can be started afterwards.
     */
    @Override
    public void close() {
        closing = true;
        OpenParts unfinished = starting;
        if (unfinished != null) {
            unfinished.abandon();
        }
        closeNodes();
    }

    private synchronized void closeNodes() {
        if (closed.isDone()) {
            return;
        }
        try (temporary) {
            stopAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            closed.complete(null);
        }
    }

    /** Completes when {@link #close} has done its work. */
    CompletionStage<Void> whenClosed() {
        return closed.minimalCompletionStage();
    }

    /** Waits for every node, also if one of them fails. */
    private void stopAll() {
        CompletableFuture<?>[] stops = running.values().stream()
                .map(node -> CompletableFuture.runAsync(
                        () -> stopAtEnd(node),
                        task -> new Thread(BrokerStart.THREADS, task, "aeon-cluster-close").start()))
                .toArray(CompletableFuture<?>[]::new);
        running.clear();
        CompletableFuture.allOf(stops).join();
    }
}
