package io.aeon.network;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import io.aeon.protocol.MalformedRequestException;
import io.aeon.protocol.Request;
import io.aeon.protocol.RequestDecoder;

/**
 * Decodes each frame. A frame that is not a valid request ends the reading; replies to earlier requests are still sent.
 */
final class Decoding extends GraphStage<FlowShape<Exchange, Exchange>> {
    private final Inlet<Exchange> in = Inlet.create("Decoding.in");
    private final Outlet<Exchange> out = Outlet.create("Decoding.out");
    private final FlowShape<Exchange, Exchange> shape = FlowShape.of(in, out);
    private final RequestDecoder decoder;

    Decoding(RequestDecoder decoder) {
        this.decoder = decoder;
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

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            setHandlers(in, out, new AbstractInOutHandler() {
                @Override
                public void onPush() {
                    decode(grab(in));
                }

                @Override
                public void onPull() {
                    pull(in);
                }
            });
        }

        private void decode(Exchange exchange) {
            try {
                Request request = decoder.decode(exchange.frame());
                exchange.decoded(request);
                push(out, exchange);
            } catch (MalformedRequestException e) {
                connection.closingBecause("request", String.valueOf(e.getMessage()));
                connection.end(exchange);
                completeStage();
            }
        }
    }
}
