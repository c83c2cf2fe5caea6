package io.aeon.api.faults;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.Timer;
import io.aeon.storage.file.LogSlice;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;

/** One request and its answer while there are faults. */
final class FaultyExchange<Q extends ApiMessage> {
    private static final CompletableFuture<Boolean> NOW = CompletableFuture.completedFuture(true);

    private final ApiHandler<Q> handler;
    private final Q request;
    private final RequestContext context;
    private final RequestFaults faults;
    private final MessageParts parts;
    private final Timer timer;
    private final ErrorAnswer<Q> errors;

    FaultyExchange(
            ApiHandler<Q> handler,
            Q request,
            RequestContext context,
            RequestFaults faults,
            MessageParts parts,
            Timer timer) {
        this.handler = handler;
        this.request = request;
        this.context = context;
        this.faults = faults;
        this.parts = parts;
        this.timer = timer;
        this.errors = new ErrorAnswer<>(handler, request, context, parts);
    }

    CompletionStage<Reply> reply() {
        if (namesTooLittle()) {
            return CompletableFuture.completedFuture(
                    Reply.of(new FetchResponseData().setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code())));
        }
        FaultRule fault = hit(false);
        CompletionStage<Reply> handled = fault == null ? inOrder(NOW, this::handle) : handledWith(fault);
        return handled.thenCompose(this::answered);
    }

    /** A Fetch of a session names only what has changed; a fault may be of a partition that it does not name. */
    private boolean namesTooLittle() {
        return request instanceof FetchRequestData fetch
                && fetch.sessionEpoch() > 0
                && faults.exist(
                        ApiKeys.FETCH,
                        fault -> !fault.isOver()
                                && fault.selection().hasClient(context.clientId())
                                && (fault.selection().isOfParts()
                                        || fault.action().kind() == FaultAction.Kind.FAIL));
    }

    private @Nullable FaultRule hit(boolean onReply) {
        return faults.hit(handler.key(), context, onReply, selection -> parts.any(request, selection));
    }

    private CompletionStage<Reply> handledWith(FaultRule fault) {
        return switch (fault.action().kind()) {
            case FAIL -> inOrder(NOW, () -> errors.instead(fault.action().error(), fault.selection()));
            case DELAY -> inOrder(delay(fault), this::handle);
            case HOLD -> inOrder(fault.gate().opened(), this::handle);
            case DROP -> inOrder(silence(), this::handle);
            case DUPLICATE -> inOrder(NOW, this::twice);
        };
    }

    /** The work starts when the gate opens; there is no answer if it never does. */
    private CompletionStage<Reply> inOrder(CompletableFuture<Boolean> gate, Supplier<CompletionStage<Reply>> work) {
        return faults.order().after(gate, context.connection(), () -> gate.join() ? work.get() : unanswered());
    }

    private CompletionStage<Reply> handle() {
        return handler.handle(request, context);
    }

    @SuppressWarnings("unchecked") // a copy is of the same class
    private CompletionStage<Reply> twice() {
        ApiMessage copy = handler.key().messageType.newRequest();
        copy.read(MessageUtil.toByteBufferAccessor(request, context.version()), context.version());
        CompletionStage<Reply> first = handler.handle((Q) copy, context);
        CompletionStage<Reply> second = handle();
        return first.thenCombine(second.handle((reply, failure) -> reply), (reply, again) -> {
            discard(again);
            return reply;
        });
    }

    private CompletionStage<Reply> answered(Reply reply) {
        FaultRule fault = reply instanceof Reply.None ? null : hit(true);
        if (fault == null) {
            return CompletableFuture.completedFuture(reply);
        }
        return switch (fault.action().kind()) {
            case FAIL -> errors.inPlaceOf(reply, fault.action().error(), fault.selection());
            case DELAY -> after(delay(fault), reply);
            case HOLD -> after(fault.gate().opened(), reply);
            case DROP -> {
                discard(reply);
                yield unanswered();
            }
            case DUPLICATE -> throw new IllegalStateException("an answer is not sent twice");
        };
    }

    private static CompletionStage<Reply> after(CompletableFuture<Boolean> gate, Reply reply) {
        return gate.thenCompose(open -> {
            if (open) {
                return CompletableFuture.completedFuture(reply);
            }
            discard(reply);
            return unanswered();
        });
    }

    /**
     * Stays so when the connection ends. If the request counted as answered then, the next one of the connection would
     * be answered in its place.
     */
    private static CompletionStage<Reply> unanswered() {
        return new CompletableFuture<>();
    }

    private CompletableFuture<Boolean> delay(FaultRule fault) {
        FaultRule.Gate gate = fault.gate();
        timer.after(fault.action().time(), gate::open);
        return gate.opened();
    }

    /** Nothing until the connection ends. */
    private CompletableFuture<Boolean> silence() {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        context.connection().onEnd(() -> over.complete(false));
        return over;
    }

    private static void discard(@Nullable Reply reply) {
        if (reply instanceof Reply.WithSlices sliced) {
            sliced.slices().forEach(LogSlice::close);
        }
    }
}
