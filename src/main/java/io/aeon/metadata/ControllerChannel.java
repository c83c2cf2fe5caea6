package io.aeon.metadata;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.InterBrokerSendThread;
import org.apache.kafka.server.util.RequestAndCompletionHandler;

/**
 * Sends requests to the active controller, one at a time, wherever it runs. A request that reaches no active controller
 * is sent again until its time is over; the controller may then have carried it out without this node knowing.
 * Thread-safe.
 */
final class ControllerChannel implements AutoCloseable {
    private static final int REQUEST_TIMEOUT_MS = 30_000;
    private static final long RETRY_MS = 50;

    private final Supplier<Optional<Node>> leader;
    private final ScheduledExecutorService scheduler;
    private final Time time;
    private final Metrics metrics = new Metrics();
    private final Queue<Pending> waiting = new ConcurrentLinkedQueue<>();
    private final Sender sender;
    private volatile boolean closed;

    /**
     * @param name names the thread and the connection
     * @param leader the leader of the quorum, if this node knows it
     * @param scheduler waits between two attempts
     */
    ControllerChannel(String name, Supplier<Optional<Node>> leader, ScheduledExecutorService scheduler, Time time) {
        this.leader = leader;
        this.scheduler = scheduler;
        this.time = time;
        this.sender = new Sender(name);
        sender.start();
    }

    /**
     * Sends a request.
     *
     * @param timeoutMs maximum time in milliseconds until an active controller has answered
     * @return fails with Kafka's {@code ApiException}s: {@link TimeoutException} if no active controller answers in
     *     time, {@code UnsupportedVersionException} if it does not know the request. An error in the response itself is
     *     left to the caller
     */
    CompletableFuture<AbstractResponse> send(AbstractRequest.Builder<?> request, long timeoutMs) {
        Pending pending = new Pending(request, time.milliseconds() + timeoutMs, new CompletableFuture<>());
        enqueue(pending);
        return pending.response;
    }

    private void enqueue(Pending pending) {
        waiting.add(pending);
        if (closed) {
            failAll();
        } else {
            sender.wakeup();
        }
    }

    private void failAll() {
        for (Pending each = waiting.poll(); each != null; each = waiting.poll()) {
            each.response.completeExceptionally(new BrokerNotAvailableException("The broker is stopping."));
        }
    }

    private void again(Pending pending, String why) {
        if (time.milliseconds() + RETRY_MS >= pending.deadline) {
            pending.response.completeExceptionally(
                    new TimeoutException("No active controller has answered in time: " + why));
            return;
        }
        try {
            var unused = scheduler.schedule(() -> enqueue(pending), RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            pending.response.completeExceptionally(new BrokerNotAvailableException("The broker is stopping."));
        }
    }

    private void answered(Pending pending, ClientResponse response) {
        if (response.versionMismatch() != null) {
            pending.response.completeExceptionally(response.versionMismatch());
        } else if (response.authenticationException() != null) {
            pending.response.completeExceptionally(response.authenticationException());
        } else if (!response.hasResponse()) {
            again(pending, "node " + response.destination() + " cannot be reached");
        } else if (response.responseBody().errorCounts().containsKey(Errors.NOT_CONTROLLER)) {
            again(pending, "node " + response.destination() + " is not the active controller");
        } else {
            pending.response.complete(response.responseBody());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            sender.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failAll();
        metrics.close();
    }

    private record Pending(
            AbstractRequest.Builder<?> request, long deadline, CompletableFuture<AbstractResponse> response) {}

    private final class Sender extends InterBrokerSendThread {
        Sender(String name) {
            super(
                    name,
                    ControllerConnections.client(name, metrics, time, REQUEST_TIMEOUT_MS),
                    REQUEST_TIMEOUT_MS,
                    time);
        }

        @Override
        public Collection<RequestAndCompletionHandler> generateRequests() {
            List<RequestAndCompletionHandler> requests = new ArrayList<>();
            for (Pending each = waiting.poll(); each != null; each = waiting.poll()) {
                Pending pending = each;
                leader.get()
                        .ifPresentOrElse(
                                node -> requests.add(new RequestAndCompletionHandler(
                                        time.milliseconds(),
                                        node,
                                        pending.request,
                                        response -> answered(pending, response))),
                                () -> again(pending, "the quorum has no leader that this node knows"));
            }
            return requests;
        }
    }
}
