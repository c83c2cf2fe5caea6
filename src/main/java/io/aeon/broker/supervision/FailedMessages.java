package io.aeon.broker.supervision;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import io.aeon.broker.mailbox.Failable;
import java.util.function.Consumer;

/** Tells of what an actor throws, after the sender of the message has been answered. */
final class FailedMessages<T> extends BehaviorInterceptor<T, T> {
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
            return target.apply(context, message);
        } catch (Throwable e) {
            if (message instanceof Failable failable) {
                failable.fail(e);
            }
            onFailure.accept(e);
            throw e;
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
