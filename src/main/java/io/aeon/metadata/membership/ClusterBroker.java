package io.aeon.metadata.membership;

import io.aeon.metadata.channel.BrokerCalls;
import io.aeon.metadata.directory.BrokerEpochFile;
import io.aeon.metadata.image.Images;
import io.aeon.metadata.image.KRaftImage;
import io.aeon.metadata.membership.BrokerLifecycle.Call;
import io.aeon.metadata.membership.BrokerLifecycle.Heartbeat;
import io.aeon.metadata.membership.BrokerLifecycle.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DuplicateBrokerRegistrationException;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.apache.kafka.common.errors.InvalidRegistrationException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's broker in a cluster of several nodes: registers it with the active controller as a new incarnation, sends
 * its heartbeats, and takes it out of service before it stops. Thread-safe; its work runs on the scheduler, whose
 * threads are one.
 */
public final class ClusterBroker {
    private static final Logger logger = LoggerFactory.getLogger(ClusterBroker.class);
    /** So many sessions have expired when another node of the same id must be the reason. */
    private static final int SESSIONS = 3;

    private static final long NOT_REGISTERED = -1;

    private static final long LEAVE_CHECK_MS = BrokerLifecycle.LONGEST_SILENCE_MS / 4;

    private final int nodeId;
    private final BrokerCalls calls;
    private final Images images;
    private final BrokerEpochFile epochs;
    private final ScheduledExecutorService scheduler;
    private final Time time;
    private final FaultHandler fatal;
    private final long sessionMs;
    private final BrokerLifecycle life;
    private final CompletableFuture<Void> served = new CompletableFuture<>();
    private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
    private BrokerRegistrationRequestData request = new BrokerRegistrationRequestData();
    private @Nullable ScheduledFuture<?> timer;
    private final Set<Uuid> failedDirectories = new LinkedHashSet<>();
    private long duplicateSince = -1;
    /** Why calls have failed since the last one that succeeded, as the log says it. */
    private String told = "";

    private volatile long epoch = NOT_REGISTERED;
    private boolean isReplaced;

    /**
     * @param sessionMs milliseconds after which the controller fences a broker without heartbeats
     * @param fatal called if another node has taken over this node's id
     */
    public ClusterBroker(
            int nodeId,
            BrokerLifecycle.Pace pace,
            long sessionMs,
            BrokerCalls calls,
            Images images,
            BrokerEpochFile epochs,
            ScheduledExecutorService scheduler,
            Time time,
            FaultHandler fatal) {
        this.nodeId = nodeId;
        this.life = new BrokerLifecycle(pace, false);
        this.sessionMs = sessionMs;
        this.calls = calls;
        this.images = images;
        this.epochs = epochs;
        this.scheduler = scheduler;
        this.time = time;
        this.fatal = fatal;
    }

    /**
     * Registers the broker and keeps its session from then on. Called once.
     *
     * @param longestMs milliseconds within which a controller has to register it
     * @return completes when this broker's image shows it in service; fails with {@link ConfigException} if the
     *     controller refuses it, or none registers it in time
     */
    public CompletableFuture<Void> serve(BrokerRegistrationRequestData registration, long longestMs) {
        request = registration;
        var unused = scheduler.schedule(() -> requireRegistration(longestMs), longestMs, TimeUnit.MILLISECONDS);
        images.subscribe(change -> execute(this::step));
        return served.thenCompose(ok -> images.when(this::isServing)).thenAccept(image -> {});
    }

    private void requireRegistration(long longestMs) {
        if (epoch == NOT_REGISTERED) {
            served.completeExceptionally(
                    new ConfigException("No controller has registered broker " + nodeId + " within "
                            + longestMs + " ms (initial.broker.registration.timeout.ms)"
                            + (told.isEmpty() ? ": none has answered." : "; why, the last time: " + told)));
        }
    }

    /** The epoch of this process's registration; -1 before it. */
    public long epoch() {
        return epoch;
    }

    private boolean isServing(KRaftImage image) {
        return image.broker(nodeId).filter(broker -> !broker.fenced()).isPresent();
    }

    /**
     * Asks the controller to move this broker's leaderships to others.
     *
     * @return completes when the broker may stop, with whether a controller has answered
     */
    public CompletableFuture<Boolean> leave() {
        execute(() -> {
            life.leave(now());
            var unused =
                    scheduler.scheduleWithFixedDelay(this::step, LEAVE_CHECK_MS, LEAVE_CHECK_MS, TimeUnit.MILLISECONDS);
            step();
        });
        return gone;
    }

    /** Tells the controller at once that this data directory has failed, and again with each heartbeat. */
    public void directoryFailed(Uuid id) {
        execute(() -> {
            if (failedDirectories.add(id)) {
                life.hasNews(now());
                step();
            }
        });
    }

    private void execute(Runnable task) {
        try {
            scheduler.execute(task);
        } catch (RejectedExecutionException e) {
            logger.debug("The engine has closed", e);
        }
    }

    private void step() {
        if (showsAnother(images.latest())) {
            replaced();
        }
        life.sees(images.latest().offset(), now());
        if (life.state() == State.IN_SERVICE) {
            served.complete(null);
        } else if (life.state() == State.GONE) {
            gone.complete(true);
        } else if (life.isUnheard(now()) && gone.complete(false)) {
            logger.warn("Broker {} stops without a controller that moves its partitions to other brokers", nodeId);
        }
        life.next(now()).ifPresentOrElse(this::make, this::waitUntilDue);
    }

    private void waitUntilDue() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (life.due() != BrokerLifecycle.NEVER) {
            timer = scheduler.schedule(this::step, Math.max(0, life.due() - now()), TimeUnit.MILLISECONDS);
        }
    }

    private void make(Call call) {
        CompletableFuture<Runnable> outcome = call instanceof Heartbeat heartbeat
                ? calls.heartbeat(data(heartbeat))
                        .thenApply(reply -> () -> life.answered(reply.isFenced(), reply.shouldShutDown(), now()))
                : calls.register(request).thenApply(epoch -> () -> registered(epoch));
        var unused = outcome.thenAcceptAsync(Runnable::run, this::execute)
                .whenCompleteAsync(
                        (answered, failure) -> {
                            if (failure == null) {
                                told = "";
                            } else {
                                failed(Errors.maybeUnwrapException(failure));
                            }
                            step();
                        },
                        this::execute);
    }

    private BrokerHeartbeatRequestData data(Heartbeat heartbeat) {
        return new BrokerHeartbeatRequestData()
                .setBrokerId(nodeId)
                .setBrokerEpoch(heartbeat.epoch())
                .setCurrentMetadataOffset(heartbeat.metadataOffset())
                .setWantFence(heartbeat.wantFence())
                .setWantShutDown(heartbeat.wantShutDown())
                .setOfflineLogDirs(List.copyOf(failedDirectories));
    }

    private void registered(long registered) {
        epochs.write(registered);
        logger.info("Broker {} is registered with epoch {}", nodeId, registered);
        epoch = registered;
        life.registered(registered, now());
    }

    /**
     * Whether the metadata have a later registration under this id: the roles in them are of that process, not this
     * one.
     */
    private boolean showsAnother(KRaftImage image) {
        BrokerRegistration known = image.kafka().cluster().broker(nodeId);
        return known != null
                && epoch != NOT_REGISTERED
                && known.epoch() > epoch
                && !known.incarnationId().equals(request.incarnationId());
    }

    private void replaced() {
        if (!gone.isDone() && !isReplaced) {
            isReplaced = true;
            throw fatal.handleFault("Another node has registered as broker " + nodeId, null);
        }
    }

    private void failed(Throwable failure) {
        life.failed(now());
        if (failure instanceof StaleBrokerEpochException) {
            stale();
        } else if (failure instanceof DuplicateBrokerRegistrationException) {
            duplicate();
        } else if (failure instanceof InconsistentClusterIdException
                || failure instanceof InvalidRegistrationException
                || failure instanceof UnsupportedVersionException) {
            served.completeExceptionally(new ConfigException(
                    "The cluster refuses this node as broker " + nodeId + ": " + failure.getMessage() + "."));
        } else {
            repeated(failure);
        }
    }

    /** Logs each new reason; this node's own stop is none. */
    private void repeated(Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        if (reason.equals(told) || failure instanceof BrokerNotAvailableException) {
            logger.debug("A call of broker {} to the controller has failed and is repeated", nodeId, failure);
        } else {
            told = reason;
            logger.warn("A call of broker {} to the controller has failed and is repeated: {}", nodeId, reason);
        }
    }

    /**
     * The controller has no registration of this broker, or a later one. Only the image tells which; the heartbeat is
     * repeated until it does.
     */
    private void stale() {
        if (images.latest().kafka().cluster().broker(nodeId) == null) {
            logger.warn("Broker {} is not registered any more and registers again", nodeId);
            life.unregistered();
        }
    }

    /** After a kill the previous incarnation of this broker counts as alive until its session expires. */
    private void duplicate() {
        told = "The cluster still counts a broker " + nodeId + " as alive, for at most " + sessionMs
                + " ms unless another node has this id (aeon.node-id)";
        if (duplicateSince < 0) {
            duplicateSince = now();
            logger.info("{}", told);
        } else if (now() - duplicateSince > SESSIONS * sessionMs) {
            served.completeExceptionally(new ConfigException("Another running node of the cluster has the node id "
                    + nodeId + ": give this node an id of its own (aeon.node-id)."));
        }
    }

    private long now() {
        return time.milliseconds();
    }
}
