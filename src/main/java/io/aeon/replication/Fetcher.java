package io.aeon.replication;

import io.aeon.replication.FetchRequest.Wanted;
import io.aeon.replication.FetcherCommand.Answer;
import io.aeon.replication.FetcherCommand.Answered;
import io.aeon.replication.FetcherCommand.Assign;
import io.aeon.replication.FetcherCommand.Failed;
import io.aeon.replication.FetcherCommand.OffsetsFound;
import io.aeon.replication.FetcherCommand.OffsetsUnknown;
import io.aeon.replication.FetcherCommand.Remove;
import io.aeon.replication.FetcherCommand.Stored;
import io.aeon.replication.FetcherEffect.Append;
import io.aeon.replication.FetcherEffect.FindOffsets;
import io.aeon.replication.FetcherEffect.Send;
import io.aeon.replication.FetcherEffect.StartAnew;
import io.aeon.replication.FetcherEffect.Truncate;
import io.aeon.replication.FetcherEffect.TruncateTo;
import io.aeon.replication.FollowedPartition.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies the partitions that one broker leads: asks for records from the end of each log, has the answers stored, and
 * truncates a log where it differs from the leader's. One request is under way at a time. A partition in error pauses
 * alone. Not thread-safe.
 *
 * @param <P> identifies a partition
 * @param <R> records
 */
public final class Fetcher<P, R> {
    private final long backoff;
    private final long patience;
    private final Predicate<P> isHeld;
    private final Map<P, FollowedPartition<P>> partitions = new HashMap<>();
    private final FollowerSession<P> session = new FollowerSession<>(partitions);
    private final Map<State, Integer> counts = new EnumMap<>(State.class);
    private final ArrayDeque<FollowedPartition<P>> pausing = new ArrayDeque<>();
    private @Nullable FetchRequest<P> underWay;
    private final Map<P, Wanted<P>> asked = new HashMap<>();
    private long requests;
    private long pauseEnd = Long.MIN_VALUE;
    private long answeredAt = Long.MIN_VALUE;
    private List<FetcherEffect<P, R>> effects = new ArrayList<>();

    /**
     * @param backoff milliseconds between an error and the next try
     * @param patience milliseconds for which the next request waits for logs that still store
     * @param isHeld whether a partition that is behind its leader must not be copied now; it is asked again after
     *     {@code backoff}
     */
    public Fetcher(long backoff, long patience, Predicate<P> isHeld) {
        this.backoff = backoff;
        this.patience = patience;
        this.isHeld = isHeld;
    }

    /** @param now milliseconds, never going back */
    public List<FetcherEffect<P, R>> step(FetcherCommand<P, R> command, long now) {
        effects = new ArrayList<>();
        if (command instanceof Assign<P, R> assign) {
            assign(assign, now);
        } else if (command instanceof Remove<P, R> remove) {
            remove(remove.partition());
        } else if (command instanceof Answered<P, R> answered) {
            answered(answered, now);
        } else if (command instanceof Failed<P, R> failed) {
            failed(failed, now);
        } else if (command instanceof Stored<P, R> stored) {
            stored(stored, now);
        } else if (command instanceof OffsetsFound<P, R> found) {
            found(found, now);
        } else if (command instanceof OffsetsUnknown<P, R> unknown) {
            unknown(unknown, now);
        }
        fetch(now);
        return effects;
    }

    /** Whether no request is under way, so that only time or a log's answer leads to the next one. */
    public boolean isIdle() {
        return underWay == null;
    }

    private void assign(Assign<P, R> assign, long now) {
        FollowedPartition<P> known = partitions.get(assign.partition());
        if (known == null || known.leaderEpoch <= assign.leaderEpoch()) {
            remove(assign.partition());
            FollowedPartition<P> added =
                    new FollowedPartition<>(assign.partition(), assign.leaderEpoch(), assign.position());
            partitions.put(assign.partition(), added);
            count(State.READY, 1);
            goOn(added, now);
        }
    }

    private void remove(P id) {
        FollowedPartition<P> partition = partitions.remove(id);
        if (partition != null) {
            turn(partition, State.REMOVED);
        }
        session.changed(id);
    }

    private void turn(FollowedPartition<P> partition, State next) {
        count(partition.state(), -1);
        partition.become(next);
        count(next, 1);
        session.changed(partition.id);
    }

    private void count(State state, int change) {
        counts.merge(state, change, Integer::sum);
    }

    /** A partition that is not in sync waits while it is held. */
    private void goOn(FollowedPartition<P> partition, long now) {
        if (partition.isBehind() && isHeld.test(partition.id)) {
            pause(partition, now);
        } else {
            turn(partition, State.READY);
        }
    }

    private boolean anyIs(State state) {
        return counts.getOrDefault(state, 0) > 0;
    }

    private void pause(FollowedPartition<P> partition, long now) {
        partition.pauseUntil(now + backoff);
        turn(partition, State.PAUSING);
        pausing.add(partition);
    }

    private void endPauses(long now) {
        for (int left = pausing.size(); left > 0 && pausing.element().pauseEnd() <= now; left--) {
            FollowedPartition<P> partition = pausing.remove();
            if (partition.is(State.PAUSING)) {
                goOn(partition, now);
            }
        }
    }

    private void answered(Answered<P, R> answered, long now) {
        if (underWay == null || underWay.id() != answered.request()) {
            return;
        }
        underWay = null;
        answeredAt = now;
        switch (answered.error()) {
            case NONE -> {
                session.answered(answered.sessionId());
                answered.partitions().forEach(each -> answered(each, now));
            }
            case FETCH_SESSION_ID_NOT_FOUND -> session.lost();
            case INVALID_FETCH_SESSION_EPOCH -> session.restart();
            default -> {
                session.restart();
                pauseEnd = now + backoff;
            }
        }
    }

    private void answered(Answer<P, R> answer, long now) {
        FollowedPartition<P> partition = partitions.get(answer.partition());
        Wanted<P> wanted = asked.get(answer.partition());
        if (partition == null
                || wanted == null
                || wanted.leaderEpoch() != partition.leaderEpoch
                || !partition.is(State.READY)
                || !wanted.position().equals(partition.position())) {
            return;
        }
        int epoch = partition.leaderEpoch;
        switch (answer.error()) {
            case NONE -> store(partition, answer);
            case OFFSET_OUT_OF_RANGE -> {
                turn(partition, State.SEARCHING);
                effects.add(new FindOffsets<>(partition.id, epoch));
            }
            case FENCED_LEADER_EPOCH -> turn(partition, State.FENCED);
            default -> pause(partition, now);
        }
    }

    private void store(FollowedPartition<P> partition, Answer<P, R> answer) {
        turn(partition, State.STORING);
        partition.leaderSays(answer.highWatermark());
        EpochEnd diverging = answer.diverging();
        effects.add(
                diverging != null
                        ? new Truncate<>(partition.id, partition.leaderEpoch, diverging)
                        : new Append<>(
                                partition.id,
                                partition.leaderEpoch,
                                answer.records(),
                                answer.highWatermark(),
                                answer.logStart()));
    }

    private void failed(Failed<P, R> failed, long now) {
        if (underWay != null && underWay.id() == failed.request()) {
            underWay = null;
            pauseEnd = now + backoff;
            session.restart();
        }
    }

    private @Nullable FollowedPartition<P> of(P id, int leaderEpoch, State state) {
        FollowedPartition<P> partition = partitions.get(id);
        return partition != null && partition.leaderEpoch == leaderEpoch && partition.is(state) ? partition : null;
    }

    private void stored(Stored<P, R> stored, long now) {
        FollowedPartition<P> partition = of(stored.partition(), stored.leaderEpoch(), State.STORING);
        if (partition != null) {
            partition.endsAt(stored.position());
            goOn(partition, now);
        }
    }

    /** The leader's log has every committed record, so what this log has beyond its end was never committed. */
    private void found(OffsetsFound<P, R> found, long now) {
        FollowedPartition<P> partition = of(found.partition(), found.leaderEpoch(), State.SEARCHING);
        if (partition == null) {
            return;
        }
        long end = partition.position().end();
        if (found.end() < end) {
            turn(partition, State.STORING);
            effects.add(new TruncateTo<>(partition.id, partition.leaderEpoch, found.end()));
        } else if (found.start() > end) {
            turn(partition, State.STORING);
            effects.add(new StartAnew<>(partition.id, partition.leaderEpoch, found.start()));
        } else {
            goOn(partition, now);
        }
    }

    private void unknown(OffsetsUnknown<P, R> unknown, long now) {
        FollowedPartition<P> partition = of(unknown.partition(), unknown.leaderEpoch(), State.SEARCHING);
        if (partition != null) {
            pause(partition, now);
        }
    }

    private void fetch(long now) {
        if (underWay != null || now < pauseEnd) {
            return;
        }
        endPauses(now);
        boolean waits = anyIs(State.STORING) && now < answeredAt + patience;
        if (!anyIs(State.READY) || waits) {
            return;
        }
        FetchRequest<P> request = session.next(++requests);
        request.wanted().forEach(each -> asked.put(each.partition(), each));
        request.forgotten().forEach(asked::remove);
        underWay = request;
        effects.add(new Send<>(request));
    }
}
