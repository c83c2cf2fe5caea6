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
import org.jspecify.annotations.Nullable;

/**
 * Copies the partitions that one broker leads: asks for records from the end of each log, has the answers stored, and
 * truncates a log where it differs from the leader's. One request is under way at a time. A partition in error pauses
 * alone. Not thread-safe.
 *
 * @param <R> records
 */
final class Fetcher<R> {
    private final long backoff;
    private final long patience;
    private final Map<Integer, FollowedPartition> partitions = new HashMap<>();
    private final FollowerSession session = new FollowerSession(partitions);
    private final Map<State, Integer> counts = new EnumMap<>(State.class);
    private final ArrayDeque<FollowedPartition> pausing = new ArrayDeque<>();
    private @Nullable FetchRequest underWay;
    private final Map<Integer, Wanted> asked = new HashMap<>();
    private long requests;
    private long pauseEnd = Long.MIN_VALUE;
    private long answeredAt = Long.MIN_VALUE;
    private List<FetcherEffect<R>> effects = new ArrayList<>();

    /**
     * @param backoff milliseconds between an error and the next try
     * @param patience milliseconds for which the next request waits for logs that still store
     */
    Fetcher(long backoff, long patience) {
        this.backoff = backoff;
        this.patience = patience;
    }

    /** @param now milliseconds, never going back */
    List<FetcherEffect<R>> step(FetcherCommand<R> command, long now) {
        effects = new ArrayList<>();
        if (command instanceof Assign<R> assign) {
            assign(assign);
        } else if (command instanceof Remove<R> remove) {
            remove(remove.partition());
        } else if (command instanceof Answered<R> answered) {
            answered(answered, now);
        } else if (command instanceof Failed<R> failed) {
            failed(failed, now);
        } else if (command instanceof Stored<R> stored) {
            stored(stored);
        } else if (command instanceof OffsetsFound<R> found) {
            found(found);
        } else if (command instanceof OffsetsUnknown<R> unknown) {
            unknown(unknown, now);
        }
        fetch(now);
        return effects;
    }

    private void assign(Assign<R> assign) {
        FollowedPartition known = partitions.get(assign.partition());
        if (known == null || known.leaderEpoch <= assign.leaderEpoch()) {
            remove(assign.partition());
            FollowedPartition added =
                    new FollowedPartition(assign.partition(), assign.leaderEpoch(), assign.position());
            partitions.put(assign.partition(), added);
            count(State.READY, 1);
        }
    }

    private void remove(int index) {
        FollowedPartition partition = partitions.remove(index);
        if (partition != null) {
            turn(partition, State.REMOVED);
        }
        session.changed(index);
    }

    private void turn(FollowedPartition partition, State next) {
        count(partition.state(), -1);
        partition.become(next);
        count(next, 1);
        session.changed(partition.index);
    }

    private void count(State state, int change) {
        counts.merge(state, change, Integer::sum);
    }

    private boolean anyIs(State state) {
        return counts.getOrDefault(state, 0) > 0;
    }

    private void pause(FollowedPartition partition, long now) {
        partition.pauseUntil(now + backoff);
        turn(partition, State.PAUSING);
        pausing.add(partition);
    }

    private void endPauses(long now) {
        while (!pausing.isEmpty() && pausing.peek().pauseEnd() <= now) {
            FollowedPartition partition = pausing.remove();
            if (partition.is(State.PAUSING)) {
                turn(partition, State.READY);
            }
        }
    }

    private void answered(Answered<R> answered, long now) {
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

    private void answered(Answer<R> answer, long now) {
        FollowedPartition partition = partitions.get(answer.partition());
        Wanted wanted = asked.get(answer.partition());
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
                effects.add(new FindOffsets<>(partition.index, epoch));
            }
            case FENCED_LEADER_EPOCH -> turn(partition, State.FENCED);
            default -> pause(partition, now);
        }
    }

    private void store(FollowedPartition partition, Answer<R> answer) {
        turn(partition, State.STORING);
        EpochEnd diverging = answer.diverging();
        effects.add(
                diverging != null
                        ? new Truncate<>(partition.index, partition.leaderEpoch, diverging)
                        : new Append<>(
                                partition.index,
                                partition.leaderEpoch,
                                answer.records(),
                                answer.highWatermark(),
                                answer.logStart()));
    }

    private void failed(Failed<R> failed, long now) {
        if (underWay != null && underWay.id() == failed.request()) {
            underWay = null;
            pauseEnd = now + backoff;
            session.restart();
        }
    }

    private @Nullable FollowedPartition of(int index, int leaderEpoch, State state) {
        FollowedPartition partition = partitions.get(index);
        return partition != null && partition.leaderEpoch == leaderEpoch && partition.is(state) ? partition : null;
    }

    private void stored(Stored<R> stored) {
        FollowedPartition partition = of(stored.partition(), stored.leaderEpoch(), State.STORING);
        if (partition != null) {
            partition.endsAt(stored.position());
            turn(partition, State.READY);
        }
    }

    /** The leader's log has every committed record, so what this log has beyond its end was never committed. */
    private void found(OffsetsFound<R> found) {
        FollowedPartition partition = of(found.partition(), found.leaderEpoch(), State.SEARCHING);
        if (partition == null) {
            return;
        }
        long end = partition.position().end();
        if (found.end() < end) {
            turn(partition, State.STORING);
            effects.add(new TruncateTo<>(partition.index, partition.leaderEpoch, found.end()));
        } else if (found.start() > end) {
            turn(partition, State.STORING);
            effects.add(new StartAnew<>(partition.index, partition.leaderEpoch, found.start()));
        } else {
            turn(partition, State.READY);
        }
    }

    private void unknown(OffsetsUnknown<R> unknown, long now) {
        FollowedPartition partition = of(unknown.partition(), unknown.leaderEpoch(), State.SEARCHING);
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
        FetchRequest request = session.next(++requests);
        request.wanted().forEach(each -> asked.put(each.partition(), each));
        request.forgotten().forEach(asked::remove);
        underWay = request;
        effects.add(new Send<>(request));
    }
}
