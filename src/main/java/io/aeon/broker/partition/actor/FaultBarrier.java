package io.aeon.broker.partition.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import io.aeon.broker.partition.PartitionCommand;
import java.util.function.BiFunction;

/** Wraps one state of a partition and handles the exceptions that the state does not. */
final class FaultBarrier extends ExtensibleBehavior<PartitionCommand> {
    private final Behavior<PartitionCommand> state;
    private final BiFunction<PartitionCommand, Exception, Behavior<PartitionCommand>> onFault;

    FaultBarrier(
            Behavior<PartitionCommand> state,
            BiFunction<PartitionCommand, Exception, Behavior<PartitionCommand>> onFault) {
        this.state = state;
        this.onFault = onFault;
    }

    @Override
    public Behavior<PartitionCommand> receive(TypedActorContext<PartitionCommand> context, PartitionCommand message) {
        try {
            return Behavior.interpretMessage(state, context, message);
        } catch (Exception e) {
            return onFault.apply(message, e);
        }
    }

    @Override
    public Behavior<PartitionCommand> receiveSignal(TypedActorContext<PartitionCommand> context, Signal signal) {
        return Behavior.interpretSignal(state, context, signal);
    }
}
