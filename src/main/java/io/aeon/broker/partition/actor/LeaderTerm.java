package io.aeon.broker.partition.actor;

import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.IsrAnswered;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.metadata.IsrRequests;
import io.aeon.replication.IsrChange;
import io.aeon.replication.LeaderState;
import io.aeon.replication.Resends;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this broker knows of a partition's followers while it leads in one leader epoch. It outlives the open log: when
 * a log is opened again, the controller may still carry out the change of the ISR that was proposed before. Used only
 * by the partition's actor.
 */
final class LeaderTerm {
    private static final Logger logger = LoggerFactory.getLogger(LeaderTerm.class);

    private final PartitionDirectory directory;
    private final ReplicationSetup setup;
    private final ActorContext<PartitionCommand> context;
    private @Nullable LeaderState state;
    private int leaderEpoch;
    private final Resends resends;
    /** Number of the copy of a change that was sent last; only the answer to that one counts. */
    private int copy;

    LeaderTerm(
            PartitionDirectory directory,
            ReplicationSetup setup,
            Resends resends,
            ActorContext<PartitionCommand> context) {
        this.directory = directory;
        this.setup = setup;
        this.context = context;
        this.resends = resends;
    }

    /** The state of the term; null if this broker does not lead. */
    @Nullable
    LeaderState state() {
        return state;
    }

    /** The batches that producers are about to send again. */
    Resends resends() {
        return resends;
    }

    /** The state in this leader epoch; a new one if the epoch is new. */
    LeaderState in(int epoch, Supplier<LeaderState> begin) {
        LeaderState known = state;
        if (known == null || epoch != leaderEpoch) {
            known = begin.get();
            state = known;
            leaderEpoch = epoch;
        }
        return known;
    }

    LeaderState begin(int epoch, long logStart, long logEnd, long highWatermark) {
        return new LeaderState(epoch, logStart, logEnd, highWatermark, setup.inSync());
    }

    /** Another broker leads. */
    void end() {
        state = null;
    }

    /** Proposes another ISR to the controller if the followers make one necessary. */
    void propose(long logEnd, long highWatermark) {
        LeaderState leader = state;
        if (leader != null) {
            leader.propose(logEnd, highWatermark).ifPresent(change -> {
                logger.info("{} has its ISR changed: {}", directory, change);
                send(change);
            });
        }
    }

    /** The log is open again: the answer to the proposed change may have come before. */
    void reopened(Role role) {
        if (role instanceof Role.Lead lead && lead.leaderEpoch() == leaderEpoch) {
            repeat();
        }
    }

    /** Sends the proposed change again, if there is one whose answer has not come. */
    void repeat() {
        LeaderState leader = state;
        if (leader != null) {
            leader.isr().proposed().ifPresent(this::send);
        }
    }

    private void send(IsrChange change) {
        int sent = ++copy;
        context.pipeToSelf(
                setup.isr()
                        .apply(new IsrRequests.Change(
                                directory.topicId(),
                                directory.partition().partition(),
                                change.leaderEpoch(),
                                change.partitionEpoch(),
                                change.others())),
                (result, failure) -> new IsrAnswered(change, sent, result, failure));
    }

    /** Takes over the controller's answer. */
    void answered(IsrAnswered answer) {
        LeaderState leader = state;
        if (leader == null || answer.copy() != copy) {
            return;
        }
        IsrRequests.Result result = answer.result();
        if (result == null) {
            leader.isr().refused(answer.change(), Errors.forException(answer.failure()));
        } else if (result.error() == Errors.NONE) {
            leader.isr().accepted(answer.change(), result.partitionEpoch(), result.others());
        } else {
            logger.info("{}: the controller answers {} to {}", directory, result.error(), answer.change());
            leader.isr().refused(answer.change(), result.error());
        }
    }

    /** Whether the metadata of this partition epoch has all changes of the ISR that this leader has asked for. */
    boolean isSettledIn(int partitionEpoch) {
        LeaderState leader = state;
        return leader == null
                || (leader.isr().proposed().isEmpty() && leader.isr().partitionEpoch() <= partitionEpoch);
    }
}
