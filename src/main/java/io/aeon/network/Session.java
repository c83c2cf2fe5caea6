package io.aeon.network;

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
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the order of one connection: replies are sent in the order of their requests, and a request waits until earlier
 * requests are answered. Produce requests do not wait for each other, so that one fsync can cover several. After the
 * client has closed, a request that waits for other clients ends with its connection. When a handler fails, the client
 * gets the API's own error response. If the API has none, the connection ends after the replies to earlier requests.
 */
final class Session extends GraphStage<FlowShape<Exchange, Exchange>> {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private final Inlet<Exchange> in = Inlet.create("Session.in");
    private final Outlet<Exchange> out = Outlet.create("Session.out");
    private final FlowShape<Exchange, Exchange> shape = FlowShape.of(in, out);
    private final ApiTable apis;
    private final int pipelineDepth;

    Session(ApiTable apis, int pipelineDepth) {
        this.apis = apis;
        this.pipelineDepth = pipelineDepth;
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
        private boolean pipelining;
        private @Nullable Exchange held;

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            setHandlers(in, out, new Handler());
        }

        @Override
        public void preStart() {
            pull(in);
        }

        /** Sends replies, starts the held request and pulls the next one, as far as each is possible now. */
        private void advance() {
            emitAnswered();
            if (isClosed(out)) {
                return;
            }
            if (held != null && mayStart(held)) {
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

        private boolean mayPull() {
            return underWay.isEmpty() || (pipelining && underWay.size() < pipelineDepth);
        }

        private boolean mayStart(Exchange next) {
            return underWay.isEmpty() || (pipelining && next.isPipelined());
        }

        private void start(Exchange exchange) {
            pipelining = exchange.isPipelined();
            underWay.add(exchange);
            CompletableFuture<Reply> reply = handle(exchange.request());
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
            while (first != null && first.isAnswered() && isAvailable(out)) {
                underWay.remove();
                Exchange next = underWay.peek();
                if (next != null && next.hasReply()) {
                    first.followedByAnother();
                }
                emit(first);
                first = next;
            }
        }

        private void emit(Exchange exchange) {
            try {
                if (exchange.reply().join() instanceof Reply.None) {
                    connection.end(exchange);
                } else {
                    push(out, exchange);
                }
            } catch (CompletionException | CancellationException failure) {
                refuse(exchange, failure.getCause() == null ? failure : failure.getCause());
            }
        }

        private void refuse(Exchange exchange, Throwable cause) {
            if (!(cause instanceof ApiException)) {
                log.error(
                        "Unexpected failure of {} version {} from {}",
                        exchange.request().api().name,
                        exchange.request().version(),
                        connection,
                        cause);
            }
            Optional<Reply> told = errorReply(exchange.request(), cause);
            if (told.isPresent()) {
                exchange.handledBy(CompletableFuture.completedFuture(told.get()));
                push(out, exchange);
            } else {
                completeStage();
            }
        }

        private Optional<Reply> errorReply(Request request, Throwable cause) {
            try {
                Optional<Reply> told = apis.failed(request.api(), request.version(), request.body(), cause);
                if (told.isEmpty()) {
                    logClosing(request, cause);
                }
                return told;
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
                logClosing(request, cause);
                return Optional.empty();
            }
        }

        /**
         * A failure with a Kafka error is caused by the client or is temporary. Any other failure is a fault of this
         * broker.
         */
        private void logClosing(Request request, Throwable cause) {
            String what = "no reply to " + request.api().name + " version " + request.version();
            if (cause instanceof ApiException && !(cause instanceof UnknownServerException)) {
                connection.closingBecause("no reply", what + ": " + cause.getMessage());
            } else {
                log.error("Closing {}: {}", connection, what, cause);
            }
        }

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                held = grab(in);
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
