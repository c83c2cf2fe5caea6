package io.aeon.network;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import io.aeon.api.Reply;
import io.aeon.protocol.Request;
import io.aeon.protocol.ResponseEncoder;
import io.aeon.storage.LogSlice;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns replies into bytes. What becomes ready while the socket is busy leaves together, up to a bound. Records that
 * wait for a disk are read on the blocking executor.
 */
final class Encoding extends GraphStage<FlowShape<Exchange, ByteString>> {
    private static final Logger log = LoggerFactory.getLogger(Encoding.class);
    private static final int ENOUGH_FOR_ONE_WRITE = 256 << 10;

    private final Inlet<Exchange> in = Inlet.create("Encoding.in");
    private final Outlet<ByteString> out = Outlet.create("Encoding.out");
    private final FlowShape<Exchange, ByteString> shape = FlowShape.of(in, out);
    private final Connection connection;
    private final Executor blocking;

    Encoding(Connection connection, Executor blocking) {
        this.connection = connection;
        this.blocking = blocking;
    }

    @Override
    public FlowShape<Exchange, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic();
    }

    private final class Logic extends GraphStageLogic {
        private ByteString ready = ByteString.emptyByteString();
        private boolean reading;

        Logic() {
            super(shape);
            setHandlers(in, out, new Handler());
        }

        @Override
        public void preStart() {
            AsyncCallback<Connection> close = createAsyncCallback(ignored -> completeStage());
            connection.onClose(() -> close.invoke(connection));
            pull(in);
        }

        @Override
        public void postStop() {
            connection.deadlines().closing(System.nanoTime());
            connection.stopped();
        }

        private void encode(Exchange exchange) {
            if (isHot(exchange.reply().join())) {
                try {
                    encoded(exchange, bytes(exchange));
                } catch (RuntimeException e) {
                    unreadable(exchange, e);
                }
            } else {
                encodeWhereItMayBlock(exchange);
            }
        }

        private void encodeWhereItMayBlock(Exchange exchange) {
            reading = true;
            CompletableFuture<byte[]> bytes = CompletableFuture.supplyAsync(() -> bytes(exchange), blocking);
            exchange.busyUntil(bytes);
            AsyncCallback<Optional<Throwable>> done = createAsyncCallback(failure -> {
                reading = false;
                if (failure.isPresent()) {
                    unreadable(exchange, failure.get());
                } else {
                    encoded(exchange, bytes.join());
                }
            });
            CompletionStage<byte[]> stage = bytes;
            stage.whenComplete((result, failure) -> done.invoke(Optional.ofNullable(failure)));
        }

        private void encoded(Exchange exchange, byte[] bytes) {
            connection.end(exchange);
            ByteString frame = ByteString.fromArrayUnsafe(bytes);
            ready = ready.isEmpty() ? frame : ready.concat(frame);
            if (isAvailable(out)) {
                write();
            }
            advance();
        }

        private void unreadable(Exchange exchange, Throwable failure) {
            log.error(
                    "Closing {}: the reply to {} cannot be made",
                    connection,
                    exchange.request().api().name,
                    failure);
            failStage(new ConnectionAborted());
        }

        private void write() {
            ByteString bytes = ready;
            ready = ByteString.emptyByteString();
            connection.deadlines().writing(System.nanoTime(), true);
            push(out, bytes);
        }

        private void advance() {
            if (isClosed(in)) {
                if (ready.isEmpty() && !reading) {
                    completeStage();
                }
            } else if (!reading && ready.size() < ENOUGH_FOR_ONE_WRITE && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                encode(grab(in));
            }

            @Override
            public void onPull() {
                connection.deadlines().writing(System.nanoTime(), false);
                if (!ready.isEmpty()) {
                    write();
                }
                advance();
            }

            @Override
            public void onUpstreamFinish() {
                advance();
            }
        }
    }

    private static boolean isHot(@Nullable Reply reply) {
        return !(reply instanceof Reply.WithSlices slices)
                || slices.slices().stream().allMatch(LogSlice::hot);
    }

    private static byte[] bytes(Exchange exchange) {
        Request request = exchange.request();
        Reply reply = exchange.reply().join();
        var body = reply instanceof Reply.WithSlices slices ? slices.body() : ((Reply.Message) reply).body();
        return ResponseEncoder.encode(request.api(), request.version(), request.correlationId(), body);
    }
}
