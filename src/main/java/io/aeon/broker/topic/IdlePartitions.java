package io.aeon.broker.topic;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.IdleCheck;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.TopicsCommand;
import org.apache.kafka.common.TopicPartition;

/** Has the actors of idle partitions close their logs and stop, for {@link Topics}. Not thread-safe. */
final class IdlePartitions {
    private final PartitionRegistry registry;
    private final PartitionTable table;
    private final PartitionFaults faults;
    private final ActorContext<TopicsCommand> context;

    IdlePartitions(
            PartitionRegistry registry,
            PartitionTable table,
            PartitionFaults faults,
            ActorContext<TopicsCommand> context) {
        this.registry = registry;
        this.table = table;
        this.faults = faults;
        this.context = context;
    }

    /** Asks the partition that was not asked for the longest time to retire, if more than {@code mostOpen} run. */
    void limit(int mostOpen) {
        if (table.running().size() > mostOpen) {
            table.nextToRest().ifPresent(eldest -> ask(eldest, true));
        }
    }

    /** Closes the partitions that were not used since the last call. */
    void askAll() {
        table.running().values().forEach(child -> ask(child, false));
    }

    void ask(RunningPartition child, boolean evenIfUsed) {
        child.actor().tell(new IdleCheck(evenIfUsed, context.getSelf().narrow()));
    }

    /** The partition is idle; it retires if no command is on its way to it. */
    void reportedIdle(TopicPartition partition, ActorRef<PartitionCommand> actor) {
        faults.confine(
                partition,
                () -> table.running(partition, actor)
                        .filter(child -> !child.isEnding() && !child.isRetiring() && registry.suspend(partition))
                        .ifPresent(
                                child -> actor.tell(new Retire(context.getSelf().narrow(), false, child.retire()))));
    }

    /** A command reached the actor before it could retire. */
    void reportedBusy(TopicPartition partition, ActorRef<PartitionCommand> actor) {
        faults.confine(
                partition,
                () -> table.running(partition, actor).ifPresent(child -> {
                    child.goesOn();
                    if (!child.isEnding() && !child.isClosing()) {
                        registry.opened(partition, actor);
                    }
                }));
    }
}
