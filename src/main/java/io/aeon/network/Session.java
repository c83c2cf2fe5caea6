package io.aeon.network;

import akka.actor.Cancellable;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import io.aeon.api.ApiTable;
import io.aeon.api.Reply;
import io.aeon.protocol.Request;
import io.aeon.threads.FairExecutor;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import scala.concurrent.duration.FiniteDuration;

/**
 * Keeps the order of one connection: replies are sent in the order of their requests, and a request waits until earlier
 * requests are answered. Produce requests do not wait for each other, so that one fsync can cover several. After the
 * client has closed, a request that waits for other clients ends with its connection. When a handler fails, the client
 * gets the API's own error response. If the API has none, the connection ends after the replies to earlier requests.
 *
 * <p>Answers have a budget of their own. One that may be large is not built before its memory is granted, and none is
 * encoded before. A heavy one is not built before the client has taken the answers before it, and lets other work go
 * first. It is not built any more when the client has closed.
 */
final class Session extends GraphStage<FlowShape<Exchange, Exchange>> {
    private final Inlet<Exchange> in = Inlet.create("Session.in");
    private final Outlet<Exchange> out = Outlet.create("Session.out");
    private final FlowShape<Exchange, Exchange> shape = FlowShape.of(in, out);
    /** An answer this small is encoded without a claim: each connection has one such answer at a time. */
    private static final int UNCLAIMED = 16 << 10;

    private final ApiTable apis;
    private final int pipelineDepth;
    private final ByteBudget answers;
    private final long mostAnswerBytes;
    private final FairExecutor heavy;

    /**
     * @param pipelineDepth produce requests of one connection that are under way at once
     * @param answers memory for the answers of all connections
     * @param mostAnswerBytes memory that one answer may take
     * @param heavy turns for requests whose answers are heavy to build or to encode; each connection is an owner
     */
    Session(ApiTable apis, int pipelineDepth, ByteBudget answers, long mostAnswerBytes, FairExecutor heavy) {
        this.apis = apis;
        this.pipelineDepth = pipelineDepth;
        this.answers = answers;
        this.mostAnswerBytes = mostAnswerBytes;
        this.heavy = heavy;
    }

    @Override
    public FlowShape<Exchange, Exchange> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic(Connection.of(attributes));
    }

    private final class Logic extends GraphStageLogic {
        private final Connection connection;
        private final Queue<Exchange> underWay = new ArrayDeque<>(4);
        private final AsyncCallback<Exchange> answered = createAsyncCallback(exchange -> advance());
        private final AsyncCallback<Runnable> signals = createAsyncCallback(Runnable::run);
        private final Runnable granted = this::granted;
        private final HeavyTurn turn;
        private final FailedRequests failures;
        private final ThrottleTimes throttle;
        private boolean pipelining;
        private @Nullable Exchange held;
        private long heldAnswerBytes;

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            turn = new HeavyTurn(heavy, connection, signals::invoke);
            failures = new FailedRequests(apis, connection);
            throttle = new ThrottleTimes(apis, connection, this::later, this::advance);
            setHandlers(in, out, new Handler());
        }

        @Override
        public void preStart() {
            connection.watch().tell(this::clientClosed);
            pull(in);
        }

        @Override
        public void postStop() {
            turn.stopped();
            throttle.stopped();
        }

        /** Sends replies, starts the held request and pulls the next one, as far as each is possible now. */
        private void advance() {
            emitAnswered();
            if (isClosed(out)) {
                return;
            }
            if (connection.watch().hasClosed() && isNextHeavy()) {
                completeStage();
                return;
            }
            if (held != null && !isThrottled() && mayStart(held) && hasMemoryForAnswer(held) && hasTurn(held)) {
                Exchange next = held;
                held = null;
                start(next);
                emitAnswered();
            }
            if (isClosed(in)) {
                if (underWay.isEmpty() ? held == null : underWay.element().isWaitingForOthers()) {
                    completeStage();
                }
            } else if (held == null && !hasBeenPulled(in) && mayPull()) {
                pull(in);
            }
        }

        private void clientClosed() {
            if (isNextHeavy()) {
                signals.invoke(this::advance);
            }
        }

        private void granted() {
            signals.invoke(this::advance);
        }

        private Cancellable later(int ms, Runnable task) {
            FiniteDuration delay = FiniteDuration.create(ms, TimeUnit.MILLISECONDS);
            return materializer().scheduleOnce(delay, () -> signals.invoke(task));
        }

        private boolean mayPull() {
            boolean ahead = pipelining && !throttle.isNear() && underWay.size() < pipelineDepth;
            return !isThrottled() && (underWay.isEmpty() || ahead);
        }

        /** Nobody else comes after the last request: it does not hold up the end of the connection. */
        private boolean isThrottled() {
            return throttle.isOn() && !isClosed(in);
        }

        private boolean mayStart(Exchange next) {
            if (next.isHeavyToAnswer()) {
                return underWay.isEmpty() && isAvailable(out);
            }
            return underWay.isEmpty() || (pipelining && next.isPipelined());
        }

        private boolean isNextHeavy() {
            Exchange next = underWay.isEmpty() ? held : underWay.element();
            return next != null && next.isHeavyToAnswer();
        }

        private boolean hasTurn(Exchange exchange) {
            return !exchange.isHeavyToAnswer() || turn.isOn(this::advance);
        }

        private boolean hasMemoryForAnswer(Exchange next) {
            if (next.isAnswerWaiting()) {
                return false;
            }
            return heldAnswerBytes == 0
                    || heldAnswerBytes > mostAnswerBytes
                    || next.claimAnswer(answers, heldAnswerBytes, granted);
        }

        private void start(Exchange exchange) {
            pipelining = exchange.isPipelined();
            underWay.add(exchange);
            CompletableFuture<Reply> reply = heldAnswerBytes > mostAnswerBytes
                    ? CompletableFuture.failedFuture(FailedRequests.tooLarge(heldAnswerBytes, mostAnswerBytes))
                    : handle(exchange.request());
            exchange.handledBy(reply);
            if (!reply.isDone()) {
                if (apis.waitsForOthers(exchange.request().api())) {
                    exchange.waitsForOthers();
                }
                CompletionStage<Reply> stage = reply;
                stage.whenComplete((done, failure) -> answered.invoke(exchange));
            }
        }

        private CompletableFuture<Reply> handle(Request request) {
            try {
                return apis.handle(request.api(), request.body(), connection.context(request))
                        .toCompletableFuture();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private void emitAnswered() {
            Exchange first = underWay.peek();
            while (first != null && first.isAnswered() && isAvailable(out) && hasTurn(first) && isReady(first)) {
                underWay.remove();
                Exchange next = underWay.peek();
                if (next != null && next.hasReply()) {
                    first.followedByAnother();
                }
                emit(first);
                first = next;
            }
            connection.deadlines().stuck(!isAvailable(out) && (first == null ? isNextHeavy() : first.isAnswered()));
        }

        /**
         * Replaces a failure by the API's error response and claims memory for the answer. Returns false while the
         * answer waits for memory.
         */
        private boolean isReady(Exchange exchange) {
            if (exchange.isAnswerWaiting()) {
                return false;
            }
            if (exchange.reply().isCompletedExceptionally()) {
                failures.replace(exchange, exchange.reply());
            }
            Optional<RuntimeException> unsendable = unsendable(exchange);
            if (unsendable.isPresent()) {
                failures.replace(exchange, CompletableFuture.failedFuture(unsendable.get()));
                unsendable(exchange).ifPresent(again -> failures.giveNone(exchange, again));
            }
            return !exchange.hasReply()
                    || isAffordable(exchange, exchange.measured().fixedBytes());
        }

        /** Why the reply cannot be sent; empty if it can, or if there is none. */
        private Optional<RuntimeException> unsendable(Exchange exchange) {
            try {
                int bytes = exchange.hasReply() ? exchange.measured().fixedBytes() : 0;
                return bytes > mostAnswerBytes
                        ? Optional.of(FailedRequests.tooLarge(bytes, mostAnswerBytes))
                        : Optional.empty();
            } catch (RuntimeException e) {
                return Optional.of(e);
            }
        }

        private boolean isAffordable(Exchange exchange, int bytes) {
            return bytes <= UNCLAIMED || exchange.claimAnswer(answers, bytes, granted);
        }

        /** An exchange that has failed even here has no response: the connection ends. */
        private void emit(Exchange exchange) {
            if (exchange.isHeavyToAnswer()) {
                connection.watch().end();
            }
            if (!exchange.reply().isCompletedExceptionally()) {
                throttle.count(exchange);
            }
            if (exchange.hasReply()) {
                push(out, exchange);
            } else if (exchange.reply().isCompletedExceptionally()) {
                completeStage();
            } else {
                connection.end(exchange);
            }
        }

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                Exchange next = grab(in);
                Request request = next.request();
                held = next;
                heldAnswerBytes = apis.answerBytes(request.api(), request.version(), request.body());
                if (heldAnswerBytes >= Exchange.HEAVY_BYTES && heldAnswerBytes <= mostAnswerBytes) {
                    next.heavyToAnswer();
                    connection.watch().begin();
                }
                advance();
            }

            @Override
            public void onPull() {
                advance();
            }

            @Override
            public void onUpstreamFinish() {
                advance();
            }
        }
    }
}
