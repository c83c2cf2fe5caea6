package io.aeon.broker;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.PartitionEvent.Configure;
import io.aeon.broker.PartitionEvent.End;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Starts each partition's actor at its first use, or soon after the start if it has files, and tells it what the
 * metadata say of it; a partition whose topic is gone is removed with its files. Restarts keep the partitions running.
 */
final class Topics {
    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final ActorContext<Command> context;
    private final Map<TopicPartition, Child> children;
    private final Set<TopicPartition> wantedAgain;
    private boolean lookedForFiles;

    private Topics(
            TopicsSetup setup,
            PartitionRegistry registry,
            Map<TopicPartition, Child> children,
            Set<TopicPartition> wantedAgain,
            ActorContext<Command> context) {
        this.setup = setup;
        this.registry = registry;
        this.children = children;
        this.wantedAgain = wantedAgain;
        this.context = context;
    }

    static Behavior<Command> create(TopicsSetup setup, PartitionRegistry registry) {
        Map<TopicPartition, Child> children = new HashMap<>();
        Set<TopicPartition> wantedAgain = new HashSet<>();
        Behavior<Command> topics =
                Behaviors.setup(context -> new Topics(setup, registry, children, wantedAgain, context).running());
        return Behaviors.supervise(topics)
                .onFailure(SupervisorStrategy.restart().withStopChildren(false));
    }

    /** What the topics are told. */
    sealed interface Command {}

    /** Somebody has a command for a partition that does not run. */
    record Start(TopicPartition partition) implements Command {}

    /** The metadata have changed, or are there for the first time. */
    enum ImageChanged implements Command {
        NOW
    }

    /** Time for retention. */
    enum Housekeep implements Command {
        NOW
    }

    /** Close all partitions, then stop. */
    enum Stop implements Command {
        NOW
    }

    private record FilesFound(
            List<TopicPartition> partitions, @Nullable Throwable failure) implements Command {}

    private record PartitionStopped(TopicPartition partition) implements Command {}

    private enum AllClosed implements Command {
        NOW
    }

    private record Child(ActorRef<PartitionCommand> actor, Uuid topicId, Configure configured, boolean ending) {}

    private Behavior<Command> running() {
        return BehaviorBuilder.<Command>create()
                .onMessage(Start.class, this::onStart)
                .onMessage(ImageChanged.class, message -> onImageChanged())
                .onMessage(PartitionStopped.class, this::onPartitionStopped)
                .onMessage(Housekeep.class, message -> onHousekeep())
                .onMessage(FilesFound.class, this::onFilesFound)
                .onMessage(Stop.class, message -> stopping())
                .build();
    }

    private Behavior<Command> onStart(Start message) {
        start(message.partition());
        return Behaviors.same();
    }

    private void start(TopicPartition partition) {
        Child child = children.get(partition);
        if (child != null && child.ending()) {
            wantedAgain.add(partition);
        } else if (child != null) {
            registry.opened(partition, child.actor());
        } else {
            spawn(partition);
        }
    }

    private void spawn(TopicPartition partition) {
        ClusterImage image = setup.metadata().image();
        Topic topic = image.topic(partition.topic()).orElse(null);
        if (topic == null
                || partition.partition() < 0
                || partition.partition() >= topic.partitions().size()) {
            registry.closed(partition, new UnknownTopicOrPartitionException("there is no " + partition));
            return;
        }
        Partition state = topic.partitions().get(partition.partition());
        if (!state.isLedBy(setup.metadata().nodeId())) {
            registry.closed(partition, new NotLeaderOrFollowerException("not the leader of " + partition));
            return;
        }
        Configure configured = configuration(image, topic.name(), state);
        ActorRef<PartitionCommand> actor = context.spawn(
                PartitionActor.create(
                        setup.directory(partition, topic.id()),
                        configured,
                        setup.flush(),
                        setup.disk(),
                        new OpenTries(offline -> registry.offline(partition, offline)),
                        setup.blocking()),
                partition.toString());
        context.watchWith(actor, new PartitionStopped(partition));
        children.put(partition, new Child(actor, topic.id(), configured, false));
        registry.opened(partition, actor);
    }

    private Configure configuration(ClusterImage image, String topic, Partition state) {
        return new Configure(setup.settings().of(image, topic).log(), state.leaderEpoch());
    }

    private Behavior<Command> onImageChanged() {
        ClusterImage image = setup.metadata().image();
        if (image.offset() < 0) {
            return Behaviors.same();
        }
        if (!lookedForFiles) {
            lookedForFiles = true;
            context.pipeToSelf(
                    CompletableFuture.supplyAsync(setup::partitionsWithFiles, setup.blocking()),
                    (found, failure) -> new FilesFound(found == null ? List.of() : found, failure));
        }
        List.copyOf(children.keySet()).forEach(partition -> follow(partition, image));
        return Behaviors.same();
    }

    private void follow(TopicPartition partition, ClusterImage image) {
        Child child = children.get(partition);
        if (child == null || child.ending()) {
            return;
        }
        Topic topic = image.topic(child.topicId()).orElse(null);
        if (topic == null) {
            remove(partition, child);
            return;
        }
        Configure latest = configuration(image, topic.name(), topic.partitions().get(partition.partition()));
        if (!latest.equals(child.configured())) {
            children.put(partition, new Child(child.actor(), child.topicId(), latest, false));
            child.actor().tell(latest);
        }
    }

    private void remove(TopicPartition partition, Child child) {
        setup.settings().forget(partition.topic());
        registry.closed(partition, new UnknownTopicOrPartitionException(partition + " was deleted"));
        children.put(partition, new Child(child.actor(), child.topicId(), child.configured(), true));
        child.actor().tell(new End(true, new CompletableFuture<>()));
    }

    private Behavior<Command> onPartitionStopped(PartitionStopped message) {
        TopicPartition partition = message.partition();
        Child child = children.remove(partition);
        if (child != null && !child.ending()) {
            context.getLog().error("{} has stopped unasked; its next use starts it again", partition);
            registry.closed(partition, new NotLeaderOrFollowerException(partition + " has failed"));
        }
        if (wantedAgain.remove(partition)) {
            start(partition);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onHousekeep() {
        children.values().forEach(child -> child.actor().tell(PartitionEvent.Housekeep.NOW));
        return Behaviors.same();
    }

    private Behavior<Command> onFilesFound(FilesFound found) {
        if (found.failure() != null) {
            context.getLog().error("the partitions on the disk could not be listed", found.failure());
        }
        ClusterImage image = setup.metadata().image();
        for (TopicPartition partition : found.partitions()) {
            if (image.topic(partition.topic()).isPresent()) {
                registry.start(partition);
            } else {
                context.getLog().warn("{} has files but no topic; they are left as they are", partition);
            }
        }
        return Behaviors.same();
    }

    private Behavior<Command> stopping() {
        ApiException reason = new NotLeaderOrFollowerException("the broker is stopping");
        List<CompletableFuture<Void>> closing = children.entrySet().stream()
                .map(each -> {
                    CompletableFuture<Void> closed = new CompletableFuture<>();
                    registry.closed(each.getKey(), reason);
                    each.getValue().actor().tell(new End(false, closed));
                    return closed;
                })
                .toList();
        context.pipeToSelf(
                CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new)),
                (nothing, failure) -> AllClosed.NOW);
        return BehaviorBuilder.<Command>create()
                .onMessage(Start.class, message -> {
                    registry.closed(message.partition(), reason);
                    return Behaviors.same();
                })
                .onMessage(AllClosed.class, message -> Behaviors.stopped())
                .onMessage(Command.class, message -> Behaviors.same())
                .build();
    }
}
