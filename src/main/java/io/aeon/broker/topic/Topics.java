package io.aeon.broker.topic;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.TopicsCommand.AllClosed;
import io.aeon.broker.partition.TopicsCommand.ExpireProducers;
import io.aeon.broker.partition.TopicsCommand.FilesFound;
import io.aeon.broker.partition.TopicsCommand.Housekeep;
import io.aeon.broker.partition.TopicsCommand.Idle;
import io.aeon.broker.partition.TopicsCommand.ImageChanged;
import io.aeon.broker.partition.TopicsCommand.PartitionStopped;
import io.aeon.broker.partition.TopicsCommand.RestIdle;
import io.aeon.broker.partition.TopicsCommand.Start;
import io.aeon.broker.partition.TopicsCommand.Started;
import io.aeon.broker.partition.TopicsCommand.StillBusy;
import io.aeon.broker.partition.TopicsCommand.Stop;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ImageChange;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts each partition's actor at its first use, lets it go when it is idle, and tells it what the metadata say of it; a
 * partition whose topic is gone is removed with its files. What the last stop has not left in order is looked into soon
 * after the start. Restarts keep the partitions running.
 */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final LocalPartitions partitions;
    private final FollowedTopics followed;
    private final TopicNews news;
    private final ActorContext<TopicsCommand> context;
    private boolean lookedForFiles;

    private Topics(
            TopicsSetup setup, PartitionRegistry registry, PartitionTable table, ActorContext<TopicsCommand> context) {
        this.setup = setup;
        this.registry = registry;
        this.partitions = new LocalPartitions(setup, registry, table, context);
        this.followed = new FollowedTopics(setup, registry, table, partitions);
        this.news = new TopicNews(setup.metadata().image(), LOG::info);
        this.context = context;
    }

    /** @param registry told the way to each partition; its starter has to tell this actor */
    public static Behavior<TopicsCommand> create(TopicsSetup setup, PartitionRegistry registry) {
        PartitionTable table = new PartitionTable();
        Behavior<TopicsCommand> topics = Behaviors.setup(context -> {
            Topics started = new Topics(setup, registry, table, context);
            started.lookAround();
            return started.running();
        });
        return Behaviors.supervise(topics)
                .onFailure(SupervisorStrategy.restart().withStopChildren(false));
    }

    private Behavior<TopicsCommand> running() {
        return BehaviorBuilder.<TopicsCommand>create()
                .onMessage(Start.class, message -> with(() -> partitions.start(message.partition())))
                .onMessage(ImageChanged.class, message -> onImageChanged(message.change()))
                .onMessage(FilesFound.class, this::onFilesFound)
                .onMessage(
                        Started.class, message -> with(() -> partitions.started(message.partition(), message.actor())))
                .onMessage(Idle.class, message -> with(() -> partitions.idle(message.partition(), message.actor())))
                .onMessage(
                        StillBusy.class, message -> with(() -> partitions.busy(message.partition(), message.actor())))
                .onMessage(PartitionStopped.class, message -> with(() -> partitions.stopped(message.partition())))
                .onMessage(Housekeep.class, message -> with(partitions::housekeep))
                .onMessage(
                        ExpireProducers.class, message -> with(() -> partitions.expireProducers(message.timestamp())))
                .onMessage(RestIdle.class, message -> with(partitions::restIdle))
                .onMessage(Stop.class, message -> stopping())
                .build();
    }

    private static Behavior<TopicsCommand> with(Runnable action) {
        action.run();
        return Behaviors.same();
    }

    /** After a restart, what it missed; at the start there is nothing yet. */
    private void lookAround() {
        ClusterImage image = setup.metadata().image();
        if (image.offset() >= 0) {
            followed.followAll(image);
            lookForFiles();
        }
    }

    private Behavior<TopicsCommand> onImageChanged(ImageChange change) {
        ClusterImage image = change.image();
        if (image.offset() < 0) {
            return Behaviors.same();
        }
        lookForFiles();
        news.of(change);
        change.deleted().forEach(followed::remove);
        (change.brokerSettings() ? image.topics() : change.touched()).forEach(topic -> followed.follow(topic, image));
        return Behaviors.same();
    }

    private void lookForFiles() {
        if (!lookedForFiles) {
            lookedForFiles = true;
            context.pipeToSelf(
                    CompletableFuture.supplyAsync(setup::partitionsWithFiles, setup.blocking()), FilesFound::new);
        }
    }

    private Behavior<TopicsCommand> onFilesFound(FilesFound found) {
        if (found.failure() != null) {
            LOG.error("the partitions on the disk could not be listed", found.failure());
        }
        partitions.found(found.partitions());
        return Behaviors.same();
    }

    private Behavior<TopicsCommand> stopping() {
        ApiException reason = new NotLeaderOrFollowerException("the broker is stopping");
        partitions.close(reason);
        if (partitions.areClosed()) {
            leaveSummaries();
        }
        return BehaviorBuilder.<TopicsCommand>create()
                .onMessage(Start.class, message -> with(() -> registry.closed(message.partition(), reason)))
                .onMessage(PartitionStopped.class, message -> {
                    if (partitions.wasLast(message.partition())) {
                        leaveSummaries();
                    }
                    return Behaviors.same();
                })
                .onMessage(AllClosed.class, message -> Behaviors.stopped())
                .onMessage(TopicsCommand.class, message -> Behaviors.same())
                .build();
    }

    private void leaveSummaries() {
        Optional<Map<TopicPartition, RestingPartition>> summaries = partitions.summaries();
        context.pipeToSelf(
                CompletableFuture.runAsync(() -> summaries.ifPresent(setup::leaveSummaries), setup.blocking()),
                (nothing, failure) -> {
                    if (failure != null) {
                        LOG.warn("The next start will look into every partition", failure);
                    }
                    return AllClosed.NOW;
                });
    }
}
