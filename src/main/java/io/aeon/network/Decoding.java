package io.aeon.network;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import io.aeon.protocol.MalformedRequestException;
import io.aeon.protocol.RequestDecoder;
import io.aeon.protocol.ScannedRequest;
import io.aeon.threads.FairExecutor;

/**
 * Decodes each frame, as soon as the memory for its decoded form is granted; a heavy one lets other work go first. A
 * frame that is not a valid request ends the reading; replies to earlier requests are still sent.
 */
final class Decoding extends GraphStage<FlowShape<Exchange, Exchange>> {
    private final Inlet<Exchange> in = Inlet.create("Decoding.in");
    private final Outlet<Exchange> out = Outlet.create("Decoding.out");
    private final FlowShape<Exchange, Exchange> shape = FlowShape.of(in, out);
    private final RequestDecoder decoder;
    private final FairExecutor heavy;

    /** @param heavy turns for requests that are heavy to decode; each connection is an owner */
    Decoding(RequestDecoder decoder, FairExecutor heavy) {
        this.decoder = decoder;
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
        private final AsyncCallback<Runnable> signals = createAsyncCallback(Runnable::run);
        private final HeavyTurn turn;
        private boolean waiting;

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            turn = new HeavyTurn(heavy, connection, signals::invoke);
            setHandlers(in, out, new Handler());
        }

        @Override
        public void postStop() {
            turn.stopped();
        }

        private void scan(Exchange exchange) {
            try {
                ScannedRequest request = decoder.scan(exchange.frame());
                long heap = exchange.frame().length + request.heapBytes();
                if (!exchange.claim(heap, () -> signals.invoke(() -> granted(exchange, request)))) {
                    waiting = true;
                } else if (request.heapBytes() >= Exchange.HEAVY_BYTES) {
                    awaitTurn(exchange, request);
                } else {
                    decode(exchange, request);
                }
            } catch (MalformedRequestException e) {
                refuse(exchange, String.valueOf(e.getMessage()));
            }
        }

        private void granted(Exchange exchange, ScannedRequest request) {
            if (request.heapBytes() >= Exchange.HEAVY_BYTES) {
                awaitTurn(exchange, request);
            } else {
                goOn(exchange, request);
            }
        }

        private void awaitTurn(Exchange exchange, ScannedRequest request) {
            waiting = true;
            connection.watch().begin();
            turn.await(() -> {
                connection.watch().end();
                goOn(exchange, request);
            });
        }

        private void goOn(Exchange exchange, ScannedRequest request) {
            waiting = false;
            if (isAvailable(out)) {
                decode(exchange, request);
            }
            if (isClosed(in)) {
                completeStage();
            }
        }

        private void decode(Exchange exchange, ScannedRequest request) {
            try {
                exchange.decoded(request.decode());
                push(out, exchange);
            } catch (MalformedRequestException e) {
                refuse(exchange, String.valueOf(e.getMessage()));
            }
        }

        private void refuse(Exchange exchange, String reason) {
            connection.closingBecause("request", reason);
            connection.end(exchange);
            completeStage();
        }

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                scan(grab(in));
            }

            @Override
            public void onPull() {
                pull(in);
            }

            @Override
            public void onUpstreamFinish() {
                if (!waiting) {
                    completeStage();
                }
            }
        }
    }
}
