package io.aeon.broker;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import io.aeon.broker.coordinator.AnswerTimeout;
import io.aeon.broker.coordinator.CoordinatorRuntime;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.group.GroupKind;
import io.aeon.broker.group.GroupsSetup;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.supervision.Supervision;
import io.aeon.broker.transaction.CoordinatorAdmission;
import io.aeon.broker.transaction.LeaderMarkers;
import io.aeon.broker.transaction.LocalMarkers;
import io.aeon.broker.transaction.OtherBrokers;
import io.aeon.broker.transaction.TransactionCoordinators;
import io.aeon.broker.transaction.TransactionKind;
import io.aeon.broker.transaction.TransactionServices;
import io.aeon.broker.transaction.TransactionalAppends;
import io.aeon.broker.transaction.TransactionsSetup;
import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ImageChange;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.ProducerIdBlocks;
import io.aeon.metadata.ProducerIds;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The children of {@link BrokerGuardian} that coordinate groups and transactions, and their connections with each
 * other, with the partitions and with the other brokers.
 */
final class CoordinatorChildren {
    private static final String GROUPS = "groups";
    private static final String TRANSACTIONS = "transactions";

    private final Parents parents;
    private final OtherBrokers others;
    private final TransactionalAppends appends;
    private final GroupCoordinators groupCoordinators;
    private final TransactionServices transactionServices;
    private final ActorRef<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>> groups;
    private final ActorRef<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>>
            transactions;

    /** Starts a supervised parent of actors. */
    interface Parents {
        <T> ActorRef<T> start(Behavior<T> supervised, String name);
    }

    /** Starts the actors. */
    CoordinatorChildren(
            BrokerSetup setup,
            Metadata metadata,
            Partitions partitions,
            SnapshotFiles snapshots,
            Timer timer,
            Parents parents) {
        this.parents = parents;
        others = new OtherBrokers(metadata, setup.transactions().apply(metadata));
        KafkaSettings kafka = setup.settings().kafka();
        TransactionCoordinators transactionCoordinators =
                new TransactionCoordinators(this::tellTransactions, timeout(timer, kafka.getInt("request.timeout.ms")));
        appends = new TransactionalAppends(
                partitions,
                admission(metadata, transactionCoordinators, kafka, timer),
                partition -> leaderEpoch(metadata, partition));
        GroupsSetup groupsSetup = groupsSetup(setup, metadata, partitions, snapshots);
        Supplier<Now> clock = groupsSetup.clock();
        groupCoordinators = new GroupCoordinators(
                partitions, this::tellGroups, timeout(timer, kafka.getInt("offsets.commit.timeout.ms")));
        groups = start(
                CoordinatorRuntime.create(
                        new GroupKind(groupsSetup, groupCoordinators), metadata, clock, groupCoordinators),
                GROUPS);
        LocalMarkers markers = new LocalMarkers(partitions, groupCoordinators, appends, setup.batches(), clock);
        ProducerIds producerIds = new ProducerIdBlocks(metadata.controller()::allocateProducerIds);
        transactionServices = new TransactionServices(transactionCoordinators, appends, markers, producerIds);
        transactions = start(
                CoordinatorRuntime.create(
                        transactionKind(setup, metadata, groupsSetup), metadata, clock, transactionCoordinators),
                TRANSACTIONS);
    }

    private GroupsSetup groupsSetup(
            BrokerSetup setup, Metadata metadata, Partitions partitions, SnapshotFiles snapshots) {
        return GroupsSetup.of(
                setup.settings().kafka(),
                setup.settings().limits(),
                partitions,
                appends,
                metadata,
                setup.batches(),
                snapshots,
                setup.blocking(),
                setup.clock());
    }

    private TransactionKind transactionKind(BrokerSetup setup, Metadata metadata, GroupsSetup groupsSetup) {
        TransactionsSetup resources = TransactionsSetup.of(
                setup.settings().kafka(),
                setup.settings().limits(),
                groupsSetup,
                transactionServices.producerIds()::next);
        return new TransactionKind(
                resources, appends, new LeaderMarkers(metadata, transactionServices.markers(), others));
    }

    private static AnswerTimeout timeout(Timer timer, int ms) {
        return task -> timer.after(Duration.ofMillis(ms), task)::cancel;
    }

    private static int leaderEpoch(Metadata metadata, TopicPartition partition) {
        return metadata.image()
                .topic(partition.topic())
                .filter(topic -> topic.has(partition.partition()))
                .map(topic -> topic.partitions().get(partition.partition()))
                .filter(found -> found.isLedBy(metadata.nodeId()))
                .map(ClusterImage.Partition::leaderEpoch)
                .orElse(-1);
    }

    private CoordinatorAdmission admission(
            Metadata metadata, TransactionCoordinators here, KafkaSettings kafka, Timer timer) {
        int pauseMs = kafka.getInt("add.partitions.to.txn.retry.backoff.ms");
        int patienceMs = kafka.getInt("add.partitions.to.txn.retry.backoff.max.ms");
        Duration pause = Duration.ofMillis(pauseMs);
        return new CoordinatorAdmission(
                metadata, here, others, 1 + patienceMs / Math.max(1, pauseMs), task -> timer.after(pause, task));
    }

    private <C, E extends Effects, L> ActorRef<CoordinatorsCommand<C, E, L>> start(
            Behavior<CoordinatorsCommand<C, E, L>> runtime, String name) {
        return parents.start(Supervision.parent(runtime, CoordinatorsCommand.class, name), name);
    }

    GroupCoordinators groups() {
        return groupCoordinators;
    }

    TransactionServices transactions() {
        return transactionServices;
    }

    /** The metadata have changed; to be called before the partitions learn their roles. */
    void imageChanging(ImageChange change) {
        others.changed(change.image());
        appends.leadersChanged();
    }

    /** The partitions have been told of the change. */
    void imageChanged(ImageChange change) {
        groups.tell(new CoordinatorsCommand.ImageChanged<>(change));
        transactions.tell(new CoordinatorsCommand.ImageChanged<>(change));
    }

    /** The clock was moved. */
    void lookAtTheClock() {
        groups.tell(new CoordinatorsCommand.ClockMoved<>());
        transactions.tell(new CoordinatorsCommand.ClockMoved<>());
    }

    /** Ends the connections to the other brokers. */
    void disconnect() {
        others.close();
    }

    private void tellTransactions(
            CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing> command) {
        transactions.tell(command);
    }

    private void tellGroups(CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing> command) {
        groups.tell(command);
    }
}
