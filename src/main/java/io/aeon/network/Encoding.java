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
import io.aeon.network.Connection.Ending;
import io.aeon.protocol.Request;
import io.aeon.protocol.ResponseEncoder;
import io.aeon.protocol.ResponseFrame;
import io.aeon.storage.file.LogSlice;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns replies into bytes, a piece at a time: small replies leave together, of a large one only a piece is in memory
 * while another is written. Records that wait for a disk are read on the blocking executor.
 */
final class Encoding extends GraphStage<FlowShape<Exchange, ByteString>> {
    private static final Logger log = LoggerFactory.getLogger(Encoding.class);
    /** Bytes of one write: what a processor's cache holds while they go from the log to the socket. */
    private static final int PIECE = 128 << 10;

    private final Inlet<Exchange> in = Inlet.create("Encoding.in");
    private final Outlet<ByteString> out = Outlet.create("Encoding.out");
    private final FlowShape<Exchange, ByteString> shape = FlowShape.of(in, out);
    private final Executor blocking;

    Encoding(Executor blocking) {
        this.blocking = blocking;
    }

    @Override
    public FlowShape<Exchange, ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic(Connection.of(attributes));
    }

    private final class Logic extends GraphStageLogic {
        private final Connection connection;
        private ByteString ready = ByteString.emptyByteString();
        private @Nullable Exchange current;
        private @Nullable ResponseFrame frame;
        private boolean hot;
        private boolean reading;

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            setHandlers(in, out, new Handler());
        }

        @Override
        public void preStart() {
            AsyncCallback<Ending> end = createAsyncCallback(this::end);
            connection.onEnding(end::invoke);
            pull(in);
        }

        @Override
        public void postStop() {
            connection.deadlines().closing(System.nanoTime());
            connection.stopped();
        }

        private void end(Ending ending) {
            switch (ending) {
                case DRAIN -> {}
                case CLOSE -> completeStage();
                case ABORT -> failStage(new ConnectionAborted());
            }
        }

        /** Writes if the socket is free, makes the next piece ready meanwhile, and asks for the next reply if there is room. */
        private void advance() {
            do {
                if (isAvailable(out) && !ready.isEmpty()) {
                    write();
                }
            } while (current != null && frame != null && !reading && ready.size() < PIECE && take(current, frame));
            if (current != null) {
                return;
            }
            if (!isClosed(in)) {
                if (ready.size() < PIECE && !hasBeenPulled(in)) {
                    pull(in);
                }
            } else if (ready.isEmpty()) {
                completeStage();
            }
        }

        /** Whether the next piece is ready now. */
        private boolean take(Exchange exchange, ResponseFrame response) {
            if (hot) {
                try {
                    taken(exchange, response, response.take(PIECE - ready.size()));
                    return true;
                } catch (RuntimeException e) {
                    unreadable(exchange, e);
                    return false;
                }
            }
            takeWhereItMayBlock(exchange, response);
            return false;
        }

        private void takeWhereItMayBlock(Exchange exchange, ResponseFrame response) {
            reading = true;
            int most = PIECE - ready.size();
            CompletableFuture<byte[]> piece = CompletableFuture.supplyAsync(() -> response.take(most), blocking);
            exchange.busyUntil(piece);
            AsyncCallback<Optional<Throwable>> done = createAsyncCallback(failure -> {
                reading = false;
                if (failure.isPresent()) {
                    unreadable(exchange, failure.get());
                } else {
                    taken(exchange, response, piece.join());
                    advance();
                }
            });
            CompletionStage<byte[]> stage = piece;
            stage.whenComplete((result, failure) -> done.invoke(Optional.ofNullable(failure)));
        }

        private void taken(Exchange exchange, ResponseFrame response, byte[] piece) {
            ByteString bytes = ByteString.fromArrayUnsafe(piece);
            ready = ready.isEmpty() ? bytes : ready.concat(bytes);
            if (response.remaining() == 0) {
                current = null;
                frame = null;
                connection.end(exchange);
            }
        }

        private void unreadable(Exchange exchange, Throwable failure) {
            log.error(
                    "Closing {}: no bytes for the reply to {}",
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

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                Exchange exchange = grab(in);
                try {
                    hot = isHot(exchange.reply().join());
                    frame = encode(exchange);
                    current = exchange;
                } catch (RuntimeException e) {
                    unreadable(exchange, e);
                    return;
                }
                advance();
            }

            @Override
            public void onPull() {
                connection.deadlines().writing(System.nanoTime(), false);
                advance();
            }

            @Override
            public void onUpstreamFinish() {
                advance();
            }
        }
    }

    private static boolean isHot(Reply reply) {
        return !(reply instanceof Reply.WithSlices slices)
                || slices.slices().stream().allMatch(LogSlice::hot);
    }

    private static ResponseFrame encode(Exchange exchange) {
        Request request = exchange.request();
        Reply reply = exchange.reply().join();
        var body = reply instanceof Reply.WithSlices slices ? slices.body() : ((Reply.Message) reply).body();
        return ResponseEncoder.encode(request.api(), request.version(), request.correlationId(), body);
    }
}
