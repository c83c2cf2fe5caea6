package io.aeon.metadata.membership;

import io.aeon.metadata.directory.MetadataEnvironment;
import io.aeon.metadata.image.Images;
import io.aeon.metadata.image.KRaftImage;
import io.aeon.metadata.membership.BrokerLifecycle.Call;
import io.aeon.metadata.membership.BrokerLifecycle.Heartbeat;
import io.aeon.metadata.membership.BrokerLifecycle.Pace;
import io.aeon.metadata.membership.BrokerLifecycle.State;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.metadata.BrokerHeartbeatReply;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.BrokerRegistrationReply;
import org.jspecify.annotations.Nullable;

/**
 * Registers this node's broker with its own controller. Both run in one process, so the session never expires. A start
 * continues the registration in the log with the same incarnation id, so that partitions keep their leader through a
 * restart and even a kill. The controller would refuse a new incarnation until the session of the previous one expires,
 * and then elect a new leader for each of its partitions: after a kill no partition would be served for seconds.
 */
public final class LocalBroker {
    private static final long RETRY_MS = 1;
    private static final Pace PACE = new Pace(RETRY_MS, RETRY_MS, BrokerLifecycle.NEVER);
    private static final ControllerRequestContext AS_BROKER =
            new ControllerRequestContext(new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());

    private final int nodeId;
    private final Registration registration;
    private final QuorumController controller;
    private final ScheduledExecutorService scheduler;
    private final Time time;
    private final Supplier<Uuid> uuids;

    public LocalBroker(
            int nodeId,
            Registration registration,
            QuorumController controller,
            ScheduledExecutorService scheduler,
            MetadataEnvironment environment) {
        this.nodeId = nodeId;
        this.registration = registration;
        this.controller = controller;
        this.scheduler = scheduler;
        this.time = environment.time();
        this.uuids = environment.uuids();
    }

    /** Whether the image shows this broker in service. */
    public boolean serves(KRaftImage image) {
        BrokerRegistration known = known(image);
        return known != null && !known.fenced();
    }

    /**
     * Registers and unfences the broker. Waits for an active controller; completes when the controller has written
     * both.
     *
     * @param anew fences the broker first, so that every partition gets a new leader epoch
     */
    public CompletableFuture<Void> join(Images images, boolean anew) {
        BrokerLifecycle life = new BrokerLifecycle(PACE, anew);
        return images.when(image -> !image.kafka().features().isEmpty())
                .thenCompose(image -> untilInService(life, images));
    }

    private CompletableFuture<Void> untilInService(BrokerLifecycle life, Images images) {
        KRaftImage image = images.latest();
        life.sees(image.offset(), time.milliseconds());
        if (life.state() == State.IN_SERVICE) {
            return CompletableFuture.completedFuture(null);
        }
        return life.next(time.milliseconds())
                .<CompletableFuture<?>>map(call -> make(call, life, image))
                .orElseGet(() -> untilDue(life, images, image))
                .thenCompose(done -> untilInService(life, images));
    }

    private CompletableFuture<?> untilDue(BrokerLifecycle life, Images images, KRaftImage seen) {
        return life.due() == BrokerLifecycle.NEVER
                ? images.when(image -> image.offset() > seen.offset())
                : CompletableFuture.runAsync(() -> {}, this::afterPause);
    }

    /** Makes the call and reports its outcome to {@code life}; fails on an error that a repetition cannot resolve. */
    private CompletableFuture<?> make(Call call, BrokerLifecycle life, KRaftImage image) {
        CompletableFuture<Void> outcome = call instanceof Heartbeat heartbeat
                ? heartbeat(heartbeat)
                        .thenAccept(
                                reply -> life.answered(reply.isFenced(), reply.shouldShutDown(), time.milliseconds()))
                : register(known(image)).thenAccept(reply -> life.registered(reply.epoch(), time.milliseconds()));
        return outcome.exceptionallyCompose(failure -> {
            if (Errors.maybeUnwrapException(failure) instanceof NotControllerException) {
                life.failed(time.milliseconds());
                return CompletableFuture.completedFuture(null);
            }
            return CompletableFuture.failedFuture(failure);
        });
    }

    private CompletableFuture<BrokerRegistrationReply> register(@Nullable BrokerRegistration known) {
        return retire(known).thenCompose(retired -> controller.registerBroker(AS_BROKER, request(known)));
    }

    private @Nullable BrokerRegistration known(KRaftImage image) {
        return image.kafka().cluster().broker(nodeId);
    }

    /**
     * A broker in controlled shutdown cannot return to service with the same registration, so it is unregistered first.
     */
    private CompletableFuture<Void> retire(@Nullable BrokerRegistration known) {
        if (known == null || !known.inControlledShutdown()) {
            return CompletableFuture.completedFuture(null);
        }
        return controller
                .unregisterBroker(AS_BROKER, nodeId)
                .exceptionallyCompose(
                        failure -> Errors.maybeUnwrapException(failure) instanceof BrokerIdNotRegisteredException
                                ? CompletableFuture.completedFuture(null)
                                : CompletableFuture.failedFuture(failure));
    }

    private BrokerRegistrationRequestData request(@Nullable BrokerRegistration known) {
        boolean continues = known != null && !known.inControlledShutdown();
        return registration.request(known != null && continues ? known.incarnationId() : uuids.get(), Map.of());
    }

    private CompletableFuture<BrokerHeartbeatReply> heartbeat(Heartbeat heartbeat) {
        return controller.processBrokerHeartbeat(
                AS_BROKER,
                new BrokerHeartbeatRequestData()
                        .setBrokerId(nodeId)
                        .setBrokerEpoch(heartbeat.epoch())
                        .setCurrentMetadataOffset(heartbeat.metadataOffset())
                        .setWantFence(heartbeat.wantFence())
                        .setWantShutDown(heartbeat.wantShutDown()));
    }

    private void afterPause(Runnable task) {
        var unused = scheduler.schedule(task, RETRY_MS, TimeUnit.MILLISECONDS);
    }
}
