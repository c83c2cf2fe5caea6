package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.replication.LiveBrokers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the leadership of a partition whose log lacks committed records over to a replica that has them: the controller
 * is told that this replica is lost, and elects another one that is in sync, or an eligible one (KIP-966). An eligible
 * replica may be out of service; the controller is told when it is back, because until then the partition would have no
 * leader. Used only by the partition's actor.
 */
final class Handover {
    private static final Logger logger = LoggerFactory.getLogger(Handover.class);

    private final PartitionDirectory directory;
    private final Supplier<CompletableFuture<Void>> giveUp;
    private final LiveBrokers brokers;
    private final boolean isDamaged;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private boolean isShort;
    private boolean isWaiting;

    /**
     * @param isDamaged whether the log is damaged
     * @param isShort whether it ends before records that were committed
     */
    Handover(PartitionSetup setup, boolean isDamaged, boolean isShort) {
        this.directory = setup.directory();
        this.giveUp = setup.giveUp();
        this.brokers = setup.replication().inSync().brokers();
        this.isDamaged = isDamaged;
        this.isShort = isShort;
    }

    /** Whether another replica has to lead instead of this one, and has the records. */
    boolean isDue(Role role) {
        return (isDamaged || isShort)
                && role instanceof Role.Lead lead
                && !(lead.othersInSync().isEmpty() && lead.othersEligible().isEmpty());
    }

    /** Tells the controller, if that is due; to be called with each new role, and again from time to time. */
    void look(Role role) {
        if (!isDue(role)) {
            // The leader has what is missing; and if no other replica has it, the one that leads decides what is there.
            isShort = false;
        } else if (!isPossible((Role.Lead) role)) {
            awaitEligible((Role.Lead) role);
        } else if (underWay.compareAndSet(false, true)) {
            logger.error(
                    "{} lacks committed records on this broker; one of its other replicas takes over the leadership",
                    directory);
            var unused = giveUp.get().whenComplete((known, failure) -> {
                if (failure != null) {
                    logger.warn("{} could not be given up, which is tried again", directory, failure);
                    underWay.set(false);
                }
            });
        }
    }

    private boolean isPossible(Role.Lead role) {
        return !role.othersInSync().isEmpty()
                || role.othersEligible().stream()
                        .anyMatch(broker -> brokers.epochOf(broker).isPresent());
    }

    private void awaitEligible(Role.Lead role) {
        if (!isWaiting) {
            isWaiting = true;
            logger.error(
                    "{} lacks committed records on this broker, which only brokers {} have; it takes no records until"
                            + " one of them is back",
                    directory,
                    role.othersEligible());
        }
    }
}
