package io.aeon.broker.supervision;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import io.aeon.broker.mailbox.Failable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails the request in a message on which an actor throws, or which it does not handle in its current state, and
 * reports the failure.
 */
final class FailedMessages<T> extends BehaviorInterceptor<T, T> {
    private static final Logger logger = LoggerFactory.getLogger(FailedMessages.class);

    private final Consumer<Throwable> onFailure;

    @SuppressWarnings("unchecked") // an actor gets no other messages
    FailedMessages(Class<? super T> protocol, Consumer<Throwable> onFailure) {
        super((Class<T>) protocol);
        this.onFailure = onFailure;
    }

    @Override
    public Behavior<T> aroundStart(TypedActorContext<T> context, PreStartTarget<T> target) {
        try {
            return target.start(context);
        } catch (Throwable e) {
            onFailure.accept(e);
            throw e;
        }
    }

    @Override
    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
        try {
            Behavior<T> next = target.apply(context, message);
            if (Behavior.isUnhandled(next)) {
                forgotten(context, message);
            }
            return next;
        } catch (Throwable e) {
            answer(message, e);
            onFailure.accept(e);
            throw e;
        }
    }

    private void forgotten(TypedActorContext<T> context, T message) {
        String what = context.asJava().getSelf().path().name() + " cannot handle "
                + message.getClass().getName() + " in its current state";
        logger.error("{}", what);
        answer(message, new IllegalStateException(what));
    }

    private static void answer(Object message, Throwable cause) {
        if (message instanceof Failable failable) {
            failable.fail(cause);
        }
    }

    @Override
    public Behavior<T> aroundSignal(TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
        try {
            return target.apply(context, signal);
        } catch (Throwable e) {
            onFailure.accept(e);
            throw e;
        }
    }
}
