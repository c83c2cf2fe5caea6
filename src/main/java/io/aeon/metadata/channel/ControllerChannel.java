package io.aeon.metadata.channel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
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
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.InterBrokerSendThread;
import org.apache.kafka.server.util.RequestAndCompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the active controller, one at a time, wherever it runs. A request that reaches no active controller
 * is sent again until its time is over; the controller may then have carried it out without this node knowing. A
 * controller that is not the active one any more is not waited for: its machine or its link may be gone. Thread-safe.
 */
public final class ControllerChannel implements AutoCloseable {
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
     * @param answerMs milliseconds after which an attempt counts as lost
     * @param scheduler waits between two attempts
     */
    public ControllerChannel(
            String name, Supplier<Optional<Node>> leader, int answerMs, ScheduledExecutorService scheduler, Time time) {
        this.leader = leader;
        this.scheduler = scheduler;
        this.time = time;
        this.sender = new Sender(name, answerMs);
        sender.start();
    }

    /**
     * Sends a request.
     *
     * @param timeoutMs milliseconds after which it is not sent again; an attempt that waits for its answer then may go
     *     on until it counts as lost
     * @return fails with Kafka's {@code ApiException}s: {@link TimeoutException} if no active controller answers in
     *     time, {@code UnsupportedVersionException} if it does not know the request. An error in the response itself is
     *     left to the caller
     */
    public CompletableFuture<AbstractResponse> send(AbstractRequest.Builder<?> request, long timeoutMs) {
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

    /** The quorum has another leader, or none. */
    public void leaderChanged() {
        sender.wakeup();
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

    /** One sending of a request. Used only by the sender's thread. */
    private static final class Attempt extends AbstractRequest.Builder<AbstractRequest> {
        private final Pending pending;
        private boolean left;

        Attempt(Pending pending) {
            super(
                    pending.request.apiKey(),
                    pending.request.oldestAllowedVersion(),
                    pending.request.latestAllowedVersion());
            this.pending = pending;
        }

        /** Not any more once it is left, because the request is sent elsewhere. */
        @Override
        public AbstractRequest build(short version) {
            if (left) {
                throw new UnsupportedVersionException("The request is sent to another controller.");
            }
            return pending.request.build(version);
        }

        @Override
        public String toString() {
            return pending.request.toString();
        }
    }

    private final class Sender extends InterBrokerSendThread {
        private final Set<Attempt> attempts = new HashSet<>();
        private @Nullable Node asked;

        Sender(String name, int answerMs) {
            super(name, ControllerConnections.client(name, metrics, time, answerMs), answerMs, time);
        }

        /** Requests that a former leader has not answered are sent again. */
        private void leaveFormer(Node now) {
            Node former = asked;
            if (former == null || former.id() == now.id()) {
                return;
            }
            for (Attempt attempt : attempts) {
                attempt.left = true;
                again(attempt.pending, "node " + former.id() + " does not lead the quorum any more");
            }
            attempts.clear();
            asked = null;
            networkClient.disconnect(former.idString());
        }

        @Override
        public Collection<RequestAndCompletionHandler> generateRequests() {
            leader.get().ifPresent(this::leaveFormer);
            List<RequestAndCompletionHandler> requests = new ArrayList<>();
            for (Pending each = waiting.poll(); each != null; each = waiting.poll()) {
                Pending pending = each;
                leader.get()
                        .ifPresentOrElse(
                                node -> requests.add(to(node, pending)),
                                () -> again(pending, "the quorum has no leader that this node knows"));
            }
            return requests;
        }

        private RequestAndCompletionHandler to(Node node, Pending pending) {
            leaveFormer(node);
            asked = node;
            Attempt attempt = new Attempt(pending);
            attempts.add(attempt);
            return new RequestAndCompletionHandler(time.milliseconds(), node, attempt, response -> {
                if (attempts.remove(attempt)) {
                    answered(pending, response);
                }
            });
        }
    }
}
