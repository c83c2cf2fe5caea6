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
import io.aeon.network.Connection.Ending;
import io.aeon.protocol.ResponseFrame;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes replies piece by piece: small replies are sent together, and only one piece of a large reply is in memory.
 * {@link Outgoing} writes the pieces directly to the socket; Akka writes them when the socket is full. Records that may
 * wait for a disk are read on the blocking executor.
 */
final class Encoding extends GraphStage<FlowShape<Exchange, ByteString>> {
    private static final Logger log = LoggerFactory.getLogger(Encoding.class);
    /** Pieces per turn, so that a client that reads fast does not occupy the thread. */
    private static final int TURN = 4;

    private final Inlet<Exchange> in = Inlet.create("Encoding.in");
    private final Outlet<ByteString> out = Outlet.create("Encoding.out");
    private final FlowShape<Exchange, ByteString> shape = FlowShape.of(in, out);
    private final Executor blocking;
    private final Executor yielding;

    /**
     * @param blocking runs tasks that may wait for a disk
     * @param yielding runs a task after other work
     */
    Encoding(Executor blocking, Executor yielding) {
        this.blocking = blocking;
        this.yielding = yielding;
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
        private final Outgoing outgoing;
        private final AsyncCallback<Runnable> signals = createAsyncCallback(Runnable::run);
        private @Nullable Exchange current;
        private @Nullable ResponseFrame frame;
        private boolean hot;
        private boolean moving;
        private boolean letsOthersGo;
        private boolean moreComes;
        private boolean closing;
        private long counted;

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            this.outgoing = new Outgoing(connection.socket());
            setHandlers(in, out, new Handler());
        }

        @Override
        public void preStart() {
            connection.started();
            connection.onEnding(ending -> signals.invoke(() -> end(ending)));
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
                case CLOSE -> close();
                case ABORT -> failStage(new ConnectionAborted());
            }
        }

        /** A write under way ends first, unless the client takes longer for it than {@link Deadlines#overdue} allows. */
        private void close() {
            if (isAvailable(out)) {
                completeStage();
            } else {
                closing = true;
                connection.deadlines().closing(System.nanoTime());
                cancel(in);
            }
        }

        /**
         * Writes if the socket is free, prepares the next piece meanwhile, and pulls the next reply if there is room.
         */
        private void advance() {
            for (int moves = 0; !moving && !letsOthersGo; moves++) {
                if (!outgoing.isEmpty() && isAvailable(out) && !moreComes && !write()) {
                    return;
                }
                if (current == null || frame == null || !outgoing.takes(frame, isAvailable(out))) {
                    break;
                }
                if (moves == TURN) {
                    letsOthersGo = true;
                    yielding.execute(() -> signals.invoke(this::beginTurn));
                    return;
                }
                if (!move(current, frame)) {
                    return;
                }
            }
            if (current == null) {
                askForMore();
            }
        }

        private void beginTurn() {
            letsOthersGo = false;
            advance();
        }

        /** The stage ends after its last write, because only a stage that runs is closed when that takes too long. */
        private void askForMore() {
            if (!isClosed(in)) {
                if (outgoing.hasRoom() && !hasBeenPulled(in)) {
                    pull(in);
                }
            } else if (outgoing.isEmpty() && isAvailable(out)) {
                completeStage();
            }
        }

        /** Returns false if there is nothing more to do now. */
        private boolean move(Exchange exchange, ResponseFrame response) {
            boolean free = isAvailable(out);
            if (!hot) {
                moveWhereItMayBlock(exchange, response, free);
                return false;
            }
            try {
                outgoing.move(response, free);
            } catch (RuntimeException e) {
                unreadable(exchange, e);
                return false;
            }
            endIfMoved(exchange, response);
            return true;
        }

        private void moveWhereItMayBlock(Exchange exchange, ResponseFrame response, boolean free) {
            moving = true;
            CompletableFuture<Void> work = CompletableFuture.runAsync(() -> outgoing.move(response, free), blocking);
            exchange.busyUntil(work);
            CompletionStage<Void> stage = work;
            stage.whenComplete((nothing, failure) -> signals.invoke(() -> moved(failure)));
        }

        private void moved(@Nullable Throwable failure) {
            moving = false;
            if (current == null || frame == null) {
                return;
            }
            if (failure != null) {
                unreadable(current, failure);
            } else {
                endIfMoved(current, frame);
                advance();
            }
        }

        private void endIfMoved(Exchange exchange, ResponseFrame response) {
            countWritten();
            if (response.remaining() == 0) {
                moreComes = exchange.isFollowed() && outgoing.hasRoom();
                current = null;
                frame = null;
                connection.end(exchange);
            }
        }

        private void unreadable(Exchange exchange, Throwable failure) {
            log.error(
                    "Closing {}: the reply to {} cannot be encoded or its records cannot be read",
                    connection,
                    exchange.api().name,
                    failure);
            failStage(new ConnectionAborted());
        }

        /** Returns false if the client has closed the connection. */
        private boolean write() {
            try {
                ByteString rest = outgoing.write();
                countWritten();
                if (!rest.isEmpty()) {
                    connection.deadlines().writing(System.nanoTime(), true);
                    push(out, rest);
                }
                return true;
            } catch (IOException e) {
                failStage(new ConnectionAborted());
                return false;
            }
        }

        private void countWritten() {
            if (outgoing.written() != counted) {
                counted = outgoing.written();
                connection.deadlines().wrote(System.nanoTime(), counted);
            }
        }

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                Exchange exchange = grab(in);
                moreComes = false;
                try {
                    hot = exchange.isHot();
                    frame = exchange.encode();
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
                if (closing) {
                    completeStage();
                } else {
                    advance();
                }
            }

            @Override
            public void onUpstreamFinish() {
                moreComes = false;
                advance();
            }
        }
    }
}
