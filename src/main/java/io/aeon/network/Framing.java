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
import io.aeon.api.RequestCounters;
import io.aeon.network.Connection.Ending;
import io.aeon.protocol.FrameLimits;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into requests, each in an array of its size. It claims memory for the bytes that have
 * arrived. The connection is not read until a claim is granted. An impossible size ends the reading.
 *
 * <p>A connection that has sent many requests ahead passes on a few of them in a {@link Turn}.
 */
final class Framing extends GraphStage<FlowShape<ByteString, Exchange>> {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /** Heap of most decoded requests. It is claimed with the frame, so that they need no second claim. */
    private static final long USUAL_BODY = 8 << 10;

    private final Inlet<ByteString> in = Inlet.create("Framing.in");
    private final Outlet<Exchange> out = Outlet.create("Framing.out");
    private final FlowShape<ByteString, Exchange> shape = FlowShape.of(in, out);
    private final FrameLimits limits;
    private final ByteBudget budget;
    private final ReadAhead ahead;
    private final Executor yielding;
    private final RequestCounters counters;

    /**
     * @param budget memory for the requests of all connections
     * @param ahead what all connections have sent before its turn
     * @param yielding runs a task after other work
     * @param counters count the requests
     */
    Framing(FrameLimits limits, ByteBudget budget, ReadAhead ahead, Executor yielding, RequestCounters counters) {
        this.limits = limits;
        this.budget = budget;
        this.ahead = ahead;
        this.yielding = yielding;
        this.counters = counters;
    }

    @Override
    public FlowShape<ByteString, Exchange> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Logic(Connection.of(attributes));
    }

    private final class Logic extends GraphStageLogic {
        private final Connection connection;
        private final ArrivingFrame frame = new ArrivingFrame();
        private final AsyncCallback<Runnable> signals = createAsyncCallback(Runnable::run);
        private final Runnable granted = this::granted;
        private final Turn turn = new Turn(next -> yielding.execute(() -> signals.invoke(next)), this::read);
        private ByteBuffer arrived = NOTHING;
        private ByteBudget.@Nullable Claim claim;
        private int aheadBytes;
        /** When the last bytes have arrived, or the frame has begun if that was later. */
        private long arrivedAt;

        Logic(Connection connection) {
            super(shape);
            this.connection = connection;
            setHandlers(in, out, new Handler());
        }

        @Override
        public void preStart() {
            connection.onEnding(ending -> signals.invoke(() -> end(ending)));
            connection.watch().readBy(() -> signals.invoke(this::read));
        }

        @Override
        public void postStop() {
            dropFrame();
            countAhead(0);
            connection.stopped();
        }

        private void end(Ending ending) {
            switch (ending) {
                case DRAIN -> finish();
                case CLOSE -> {}
                case ABORT -> cancel(in, new ConnectionAborted());
            }
        }

        /**
         * Takes the bytes that have arrived, up to the end of one frame, and pulls more when all are taken. It pulls
         * even while a request is under way, because only reading detects that the client has closed. For the same
         * reason it pulls before all are taken if the client is watched.
         */
        private void read() {
            if (isAvailable(out) && arrived.hasRemaining() && turn.isOn()) {
                readRequest();
            }
            if (!arrived.hasRemaining()) {
                arrived = NOTHING;
            }
            if (arrived.remaining() != aheadBytes) {
                countAhead(arrived.remaining());
            }
            if (isClosed(in)) {
                completeWhenUsedUp();
            } else if ((!arrived.hasRemaining() || isWatched()) && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        private boolean isWatched() {
            return connection.watch().isOn() && arrived.remaining() <= ReadAhead.UNNOTICED;
        }

        private void readRequest() {
            if (claim == null) {
                readHead();
            }
            if (claim != null && arrived.hasRemaining()) {
                readFrame(claim);
            }
        }

        private void countAhead(int bytes) {
            boolean room = ahead.changed(aheadBytes, bytes);
            aheadBytes = bytes;
            connection.deadlines().ahead(System.nanoTime(), bytes);
            if (!room) {
                connection.closingBecause(
                        "ahead",
                        bytes + " bytes sent before their turn; all connections together may have " + ahead.most()
                                + " (aeon.network.bytes-in-flight)");
                connection.end(Ending.ABORT);
            }
        }

        private void completeWhenUsedUp() {
            if (!arrived.hasRemaining() || isClosed(out)) {
                completeStage();
            }
        }

        private void readHead() {
            if (frame.isEmpty()) {
                arrivedAt = System.nanoTime();
                connection.deadlines().frameStarted(arrivedAt);
            }
            frame.takeHead(arrived);
            if (frame.hasSize() && !isPossible(frame.size())) {
                refuse("a request of " + frame.size() + " bytes, allowed are " + FrameLimits.MIN_BYTES + " to "
                        + limits.maxBytes());
            } else if (frame.hasHead()) {
                begin(frame.size(), frame.apiKey());
            }
        }

        private boolean isPossible(int size) {
            return size >= FrameLimits.MIN_BYTES && size <= limits.maxBytes();
        }

        private void begin(int size, short apiKey) {
            if (size > limits.maxBytes(apiKey)) {
                refuse("a request of " + size + " bytes with API key " + apiKey + ", allowed are at most "
                        + limits.maxBytes(apiKey));
                return;
            }
            connection.deadlines().frameSized(size);
            claim = budget.claim(size);
        }

        private void readFrame(ByteBudget.Claim memory) {
            int taken = Math.min(arrived.remaining(), frame.missing());
            boolean whole = taken == frame.missing();
            int room = frame.roomFor(taken);
            long heap = whole ? room + USUAL_BODY : room;
            if (memory.isWaiting()) {
                return;
            }
            if (!memory.grow(heap, whole, granted)) {
                connection.deadlines().frameSuspended(System.nanoTime());
                return;
            }
            frame.take(arrived, taken, room);
            connection.deadlines().frameArrived(frame.filled());
            if (whole) {
                emit(new Exchange(frame.complete(), memory, counters, arrivedAt));
            }
        }

        private void granted() {
            signals.invoke(this::goOn);
        }

        /** The memory that was claimed has been granted. */
        private void goOn() {
            if (claim != null) {
                connection.deadlines().frameResumed(System.nanoTime());
                read();
            }
        }

        private void emit(Exchange exchange) {
            connection.deadlines().frameEnded();
            connection.begin(exchange);
            turn.passed();
            claim = null;
            push(out, exchange);
        }

        private void refuse(String reason) {
            connection.closingBecause("frame", reason);
            finish();
        }

        /**
         * Takes no more requests. The stage goes on reading until more bytes arrive, which detects the client's end
         * while replies are sent; a client that goes on sending is not read further.
         */
        private void finish() {
            dropFrame();
            arrived = NOTHING;
            countAhead(0);
            connection.deadlines().frameEnded();
            complete(out);
            if (!isClosed(in) && !hasBeenPulled(in)) {
                pull(in);
            }
        }

        private void dropFrame() {
            if (claim != null) {
                claim.release();
            }
            claim = null;
            frame.clear();
        }

        private static ByteBuffer joined(ByteBuffer first, ByteBuffer rest) {
            return ByteBuffer.allocate(first.remaining() + rest.remaining())
                    .put(first)
                    .put(rest)
                    .flip();
        }

        private final class Handler extends AbstractInOutHandler {
            @Override
            public void onPush() {
                arrivedAt = System.nanoTime();
                connection.deadlines().active(arrivedAt);
                ByteBuffer more = grab(in).asByteBuffer();
                if (arrived.hasRemaining()) {
                    arrived = joined(arrived, more);
                } else {
                    arrived = more;
                    turn.begin();
                }
                read();
            }

            @Override
            public void onPull() {
                read();
            }

            /** Requests that have arrived are still read, whether the client has closed or not. */
            @Override
            public void onUpstreamFinish() {
                connection.watch().closed();
                completeWhenUsedUp();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                finish();
            }
        }
    }
}
