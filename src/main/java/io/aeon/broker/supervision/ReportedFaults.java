package io.aeon.broker.supervision;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.Consumer;

/**
 * Keeps the state of the root of the actor tree at an exception, and reports the exception. A root that stops ends the
 * actor system at once, with all logs open.
 */
public final class ReportedFaults<T> extends BehaviorInterceptor<T, T> {
    private final Consumer<Throwable> report;

    /** @param report called with each exception; it has to begin the stop of the broker */
    public ReportedFaults(Class<T> protocol, Consumer<Throwable> report) {
        super(protocol);
        this.report = report;
    }

    @Override
    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
        try {
            return target.apply(context, message);
        } catch (RuntimeException e) {
            report.accept(e);
            return Behaviors.same();
        }
    }
}
