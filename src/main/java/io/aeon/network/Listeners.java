package io.aeon.network;

import akka.Done;
import akka.NotUsed;
import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.io.TcpSO;
import akka.stream.Attributes;
import akka.stream.Materializer;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.Tcp;
import akka.stream.scaladsl.TcpAttributes;
import akka.util.ByteString;
import io.aeon.api.ApiTable;
import io.aeon.api.ClientConnection;
import io.aeon.config.AeonSettings;
import io.aeon.config.Current;
import io.aeon.config.KafkaSettings;
import io.aeon.config.ListenerSettings;
import io.aeon.config.NetworkSettings;
import io.aeon.logging.ClientFaults;
import io.aeon.protocol.FrameLimits;
import io.aeon.threads.PooledActorSystem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that clients connect to. A listener that cannot bind stops the start. A fault of one connection ends
 * only that connection.
 */
public final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);
    /** Connections that wait in the kernel until they are accepted, if its own limit allows as many (somaxconn). */
    private static final int BACKLOG = 4096;
    /**
     * Connections of a listener that start at the same time. The start of one takes the work of several requests: of
     * thousands that come at once the rest waits in the kernel, and not in front of the requests of others.
     */
    private static final int STARTING = 4;
    /**
     * With a buffer of one byte, Akka asks for more only when the socket has taken all bytes; a direct write is safe
     * then.
     */
    private static final Attributes ONE_WRITE_AT_A_TIME = TcpAttributes.tcpWriteBufferSize(1);

    private static final Duration COARSE_TICK = Duration.ofSeconds(1);
    private static final Duration RELIEF_INTERVAL = Duration.ofMillis(200);
    /** One in this many bytes in flight is for answers, so that a client that does not read keeps no request out. */
    private static final int ANSWERS_PART = 4;

    private static final int CONTROLLER_PART = 4;
    private static final long LEAST_OF_CONTROLLER = 16 << 20;

    private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final Materializer materializer;
    private final ClientFaults faults = new ClientFaults(log, System::nanoTime);
    private final Duration drainTimeout;
    private final Connections connections;
    private final ConnectionBlueprint blueprint;
    private final Cancellable tick;
    private final Map<String, Tcp.ServerBinding> bindings = new ConcurrentHashMap<>();

    private Listeners(
            ActorSystem<?> system,
            Supplier<KafkaSettings> current,
            NetworkSettings network,
            IntSupplier descriptors,
            ApiTable apis,
            Predicate<InetAddress> quota,
            Executor blocking) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.drainTimeout = network.drainTimeout();
        KafkaSettings kafka = current.get();
        Duration idle = kafka.getDuration("connections.max.idle.ms");
        Duration frame = network.frameTimeout();
        long inFlight = network.bytesInFlight();
        ReadAhead ahead = new ReadAhead(inFlight);
        ByteBudget answers = new ByteBudget(inFlight / ANSWERS_PART);
        ByteBudget requests = new ByteBudget(inFlight - inFlight / ANSWERS_PART);
        connections =
                new Connections(new Current<>(current, ConnectionLimits::of), descriptors, quota, idle, frame, ahead);
        relief(requests, answers).start();
        blueprint = new ConnectionBlueprint(
                apis,
                new FrameLimits((int) Math.min(kafka.getInt("socket.request.max.bytes"), requests.total())),
                requests,
                ahead,
                answers,
                network,
                blocking,
                PooledActorSystem.yielding(system));
        tick = system.scheduler()
                .scheduleWithFixedDelay(
                        COARSE_TICK,
                        tick(idle, frame),
                        () -> connections.closeOverdue(System.nanoTime()),
                        system.executionContext());
    }

    private MemoryRelief relief(ByteBudget requests, ByteBudget answers) {
        return new MemoryRelief(
                connections,
                requests,
                answers,
                check -> system.scheduler().scheduleOnce(RELIEF_INTERVAL, check, system.executionContext()));
    }

    /**
     * Binds every listener for clients.
     *
     * @param current the broker's settings that count now, for what may change while it runs
     * @param descriptors number of connections for which the process has file descriptors now
     * @param quota whether an address may open another connection now; it counts the connection
     * @param blocking threads that may block on the disk
     * @return fails with a {@link ListenerException} if a listener cannot be bound; then none is bound
     */
    public static CompletionStage<Listeners> bind(
            ActorSystem<?> system,
            AeonSettings settings,
            Supplier<KafkaSettings> current,
            IntSupplier descriptors,
            ApiTable apis,
            Predicate<InetAddress> quota,
            Executor blocking) {
        Listeners listeners = new Listeners(system, current, settings.network(), descriptors, apis, quota, blocking);
        return listeners.bindAll(settings.listeners().values());
    }

    /**
     * Binds the listener of the controller. Its connections have memory of their own, a quarter of what those of
     * clients have and at least two answers to followers, so that clients cannot keep nodes of the cluster waiting.
     *
     * @param descriptors number of connections for which the process has file descriptors now
     * @param blocking threads that may block on the disk
     * @return fails with a {@link ListenerException} if the listener cannot be bound
     */
    public static CompletionStage<Listeners> bind(
            ActorSystem<?> system,
            AeonSettings settings,
            ListenerSettings controller,
            IntSupplier descriptors,
            ApiTable apis,
            Executor blocking) {
        NetworkSettings network = settings.network();
        NetworkSettings own = new NetworkSettings(
                Math.max(network.bytesInFlight() / CONTROLLER_PART, LEAST_OF_CONTROLLER),
                network.frameTimeout(),
                network.drainTimeout(),
                network.pipelineDepth());
        return new Listeners(system, settings::kafka, own, descriptors, apis, any -> true, blocking)
                .bindAll(List.of(controller));
    }

    private CompletionStage<Listeners> bindAll(Collection<ListenerSettings> each) {
        List<CompletableFuture<Void>> bound = new ArrayList<>();
        for (ListenerSettings listener : each) {
            bound.add(bind(listener).toCompletableFuture());
        }
        return CompletableFuture.allOf(bound.toArray(CompletableFuture[]::new))
                .handle((done, failure) -> failure == null
                        ? CompletableFuture.completedFuture(this)
                        : close().thenCompose(closed -> CompletableFuture.<Listeners>failedFuture(failure)))
                .thenCompose(result -> result);
    }

    /** The address that each listener is bound to, by listener name. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new ConcurrentHashMap<>();
        bindings.forEach((name, binding) -> addresses.put(name, binding.localAddress()));
        return addresses;
    }

    /** The number of open connections of each listener by listener name. */
    public Map<String, Integer> connections() {
        Map<String, Integer> counts = connections.byListener();
        bindings.keySet().forEach(listener -> counts.putIfAbsent(listener, 0));
        return counts;
    }

    /**
     * Accepts no more connections, lets the replies under way be sent for at most the drain timeout, and closes the
     * rest. Idempotent.
     */
    public CompletionStage<Void> close() {
        List<CompletableFuture<?>> unbound = new ArrayList<>();
        bindings.values().forEach(binding -> unbound.add(binding.unbind().toCompletableFuture()));
        return CompletableFuture.allOf(unbound.toArray(CompletableFuture[]::new))
                .thenCompose(done -> within(drainTimeout, connections.drain()))
                .thenCompose(done -> {
                    connections.abort();
                    return within(ABORT_TIMEOUT, connections.drain());
                })
                .thenRun(tick::cancel);
    }

    /** Closes all connections at once, as the end of a process does, and refuses those that come later. */
    public void abort() {
        connections.abort();
    }

    private static CompletableFuture<Void> within(Duration timeout, CompletableFuture<Void> work) {
        return work.copy().completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<Void> bind(ListenerSettings settings) {
        AcceptedSockets sockets = new AcceptedSockets(system.settings().config());
        return Tcp.get(system)
                .bind(
                        settings.host(),
                        settings.port(),
                        BACKLOG,
                        List.of(TcpSO.reuseAddress(true), sockets),
                        false,
                        Optional.empty())
                .mapAsyncUnordered(STARTING, incoming -> accept(settings, incoming, sockets))
                .to(Sink.ignore())
                .run(materializer)
                .thenAccept(binding -> {
                    bindings.put(settings.name(), binding);
                    log.info(
                            "Listener {} is bound to {} and advertises {}",
                            settings.name(),
                            text(binding.localAddress()),
                            AdvertisedAddress.text(settings));
                })
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(new ListenerException(settings, failure)));
    }

    private static String text(InetSocketAddress address) {
        return Utils.formatAddress(address.getHostString(), address.getPort());
    }

    /** Done when the stream of the connection has started, or has ended. */
    private CompletionStage<Done> accept(
            ListenerSettings listener, Tcp.IncomingConnection incoming, AcceptedSockets sockets) {
        Connection connection = new Connection(
                new ClientConnection(
                        listener.name(),
                        AdvertisedAddress.of(listener, incoming.localAddress()),
                        incoming.remoteAddress()),
                sockets.take(incoming.remoteAddress()),
                faults,
                connections::removed);
        boolean admitted = connections.admit(connection);
        incoming.flow()
                .join(admitted ? blueprint.serve(connection) : refusal())
                .addAttributes(ONE_WRITE_AT_A_TIME)
                .run(materializer);
        return admitted ? connection.begun() : CompletableFuture.completedFuture(Done.done());
    }

    private static Flow<ByteString, ByteString, NotUsed> refusal() {
        return Flow.fromSinkAndSource(Sink.cancelled(), Source.empty());
    }

    private static Duration tick(Duration idle, Duration frame) {
        Duration shortest = idle.compareTo(frame) < 0 ? idle : frame;
        // Dividing a Duration loads BigDecimal, which makes the start ten milliseconds longer.
        Duration quarter = Duration.ofMillis(shortest.toMillis() / 4 + 1);
        return quarter.compareTo(COARSE_TICK) < 0 ? quarter : COARSE_TICK;
    }
}
