package io.aeon.replication;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;

/**
 * The leader of a partition in one leader epoch: how far its followers are, which of them are in sync, and which
 * records every possible next leader has. Its own log is not its matter. Sets of brokers do not include the leader
 * itself. Not thread-safe.
 */
public final class LeaderState {
    /** No offset. */
    public static final long NONE = -1;

    private final int leaderEpoch;
    private final long epochStart;
    private final long logStart;
    private final long highWatermark;
    private long deletedEnd;
    private final InSyncRules rules;
    private final Map<Integer, FollowerState> followers = new HashMap<>();
    private final Isr isr;
    private int minInSync;

    /**
     * @param logStart log start offset when this broker began to lead in this epoch, or opened the log in it
     * @param epochStart log end offset at that time
     * @param highWatermark high watermark at that time
     */
    public LeaderState(int leaderEpoch, long logStart, long epochStart, long highWatermark, InSyncRules rules) {
        this.leaderEpoch = leaderEpoch;
        this.isr = new Isr(leaderEpoch);
        this.logStart = logStart;
        this.epochStart = epochStart;
        this.highWatermark = highWatermark;
        this.rules = rules;
    }

    /**
     * Takes over what the metadata says. Metadata older than what the controller has answered is ignored. A change that
     * is proposed stays so until the partition epoch has advanced, because the controller may still carry it out.
     *
     * @param others brokers with a replica
     * @param othersInSync those of them in the ISR
     * @param minInSync in-sync replicas, including this one, that a record needs (min.insync.replicas)
     */
    public void update(int partitionEpoch, Set<Integer> others, Set<Integer> othersInSync, int minInSync) {
        this.minInSync = minInSync;
        if (partitionEpoch <= isr.partitionEpoch()) {
            return;
        }
        followers.keySet().retainAll(others);
        others.forEach(other -> followers.computeIfAbsent(other, each -> start(othersInSync.contains(each))));
        isr.commit(partitionEpoch, othersInSync);
    }

    /** A member of the ISR has all committed records, and the whole lag time to fetch for the first time. */
    private FollowerState start(boolean isInSync) {
        return isInSync ? new FollowerState(highWatermark, now()) : new FollowerState(NONE, Long.MIN_VALUE);
    }

    /** The ISR, and the change of it that is under way. */
    public Isr isr() {
        return isr;
    }

    /** The log end offset when this broker began to lead: whatever an earlier leader committed lies below it. */
    long epochStart() {
        return epochStart;
    }

    /** Whether the broker has a replica, as far as this leader knows. */
    public boolean hasReplica(int broker) {
        return followers.containsKey(broker);
    }

    /**
     * The leader appends at {@code logEnd}. A follower that has all records below it was caught up until now, even if
     * it has not fetched for a long time: a follower does not repeat its position while nothing changes (KIP-227).
     */
    public void appended(long logEnd) {
        if (!followers.isEmpty()) {
            long now = now();
            followers.values().forEach(follower -> follower.appended(logEnd, now));
        }
    }

    /**
     * A follower fetches from {@code offset}, so it has this leader's records below it: the caller has compared the
     * epoch of the follower's last record.
     *
     * @param brokerEpoch epoch of the follower's registration; {@link IsrChange#UNKNOWN_EPOCH} if it does not tell
     * @param logStart the follower's log start offset
     * @param logEnd this leader's log end offset
     * @throws UnknownLeaderEpochException the broker has no replica as far as this leader knows
     * @throws NotLeaderOrFollowerException the request is of a former life of the follower
     */
    public void fetched(int broker, long brokerEpoch, long offset, long logStart, long logEnd) {
        FollowerState follower = followers.get(broker);
        if (follower == null) {
            throw new UnknownLeaderEpochException("broker " + broker + " has no replica in epoch " + leaderEpoch);
        }
        OptionalLong current = rules.brokers().epochOf(broker);
        if (brokerEpoch != IsrChange.UNKNOWN_EPOCH && current.isPresent() && brokerEpoch < current.getAsLong()) {
            throw new NotLeaderOrFollowerException("broker " + broker + " fetches with broker epoch " + brokerEpoch
                    + ", but has registered again with epoch " + current.getAsLong());
        }
        follower.fetched(offset, logStart, brokerEpoch, logEnd, now());
    }

    /** Of these followers, the in-sync one with the most records, among those that have this offset (KIP-392). */
    public Optional<Integer> mostCaughtUp(Set<Integer> candidates, long offset) {
        return followers.entrySet().stream()
                .filter(each -> candidates.contains(each.getKey()) && isr.has(each.getKey()))
                .filter(each -> each.getValue().has(offset))
                .max(Map.Entry.<Integer, FollowerState>comparingByValue(FollowerState.LEAST_CAUGHT_UP_FIRST)
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }

    /** Whether enough replicas are in sync for a write with acks=all. */
    public boolean hasMinInSync() {
        return isr.others().size() + 1 >= Math.min(minInSync, followers.size() + 1);
    }

    /**
     * The offset below which every replica that may become the leader has all records, so that the high watermark may
     * advance to it; {@link #NONE} while fewer than min.insync.replicas are in sync (KIP-966). A follower that the
     * controller may have added already, or not yet removed, counts as in sync. One that is about to be added is waited
     * for, so that it is not overtaken for ever.
     *
     * @param ownEnd the leader's own end, as durable as the flush mode requires
     */
    public long committedEnd(long ownEnd) {
        if (followers.isEmpty()) {
            return ownEnd;
        }
        if (!hasMinInSync()) {
            return NONE;
        }
        long least = ownEnd;
        for (Map.Entry<Integer, FollowerState> each : followers.entrySet()) {
            long end = each.getValue().logEnd();
            if (end < least && (isr.mayHave(each.getKey()) || joins(each.getKey(), each.getValue()))) {
                least = end;
            }
        }
        return least;
    }

    /**
     * The offset below which every replica that may become the leader has deleted its records, so that they do not come
     * back. Like the high watermark it rests while fewer than min.insync.replicas are in sync, because a replica that
     * has left the ISR may lead then.
     *
     * @param ownStart the leader's log start offset
     */
    public long deletedEnd(long ownStart) {
        if (!hasMinInSync()) {
            return deletedEnd;
        }
        long least = ownStart;
        for (Map.Entry<Integer, FollowerState> each : followers.entrySet()) {
            if (isr.mayHave(each.getKey())) {
                least = Math.min(least, each.getValue().logStart());
            }
        }
        deletedEnd = Math.max(deletedEnd, least);
        return deletedEnd;
    }

    private boolean joins(Integer broker, FollowerState follower) {
        return follower.hasFetched() && follower.wasCaughtUpSince(oldest()) && isEligible(broker, follower);
    }

    private long now() {
        return rules.clock().getAsLong();
    }

    /** The earliest time at which a follower in sync may have been caught up last. */
    private long oldest() {
        return now() - rules.maxLag();
    }

    /** Whether the follower has fetched in its present life, and is in service. */
    private boolean isEligible(Integer broker, FollowerState follower) {
        OptionalLong current = rules.brokers().epochOf(broker);
        return follower.hasFetched()
                && current.isPresent()
                && (follower.brokerEpoch() == IsrChange.UNKNOWN_EPOCH || follower.brokerEpoch() == current.getAsLong());
    }

    /**
     * The change of the ISR that the leader wants now, if it wants one; the caller sends it to the controller. At most
     * one change is under way. To be called after a fetch of a follower, and from time to time.
     *
     * @param logEnd the leader's log end offset
     */
    public Optional<IsrChange> propose(long logEnd, long highWatermark) {
        if (isr.proposed().isPresent() || followers.isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> wanted = new HashSet<>(isr.others());
        followers.forEach((broker, follower) -> {
            if (isBehind(follower, logEnd) || hasLostRecords(follower, highWatermark)) {
                wanted.remove(broker);
            } else if (hasAll(follower, highWatermark) && isEligible(broker, follower)) {
                wanted.add(broker);
            }
        });
        if (wanted.equals(isr.others())) {
            return Optional.empty();
        }
        Map<Integer, Long> others = new HashMap<>();
        wanted.forEach(each -> others.put(each, epochOf(each)));
        return Optional.of(isr.propose(others));
    }

    private long epochOf(Integer broker) {
        FollowerState follower = followers.get(broker);
        return follower == null ? IsrChange.UNKNOWN_EPOCH : follower.brokerEpoch();
    }

    private boolean isBehind(FollowerState follower, long logEnd) {
        return follower.logEnd() < logEnd && !follower.wasCaughtUpSince(oldest());
    }

    /**
     * A member of the ISR has fetched from below the high watermark, although it had all records there before: its disk
     * has lost them. It must not become the leader, however short the time since it was caught up.
     */
    private static boolean hasLostRecords(FollowerState follower, long highWatermark) {
        return follower.hasFetched() && follower.logEnd() < highWatermark;
    }

    /**
     * The high watermark of a new leader may be below that of the leader before it, but whatever was visible then is
     * below the start of this epoch. Likewise, whatever was deleted for good then is below the log start of that time.
     */
    private boolean hasAll(FollowerState follower, long highWatermark) {
        return follower.logEnd() >= highWatermark
                && follower.logEnd() >= epochStart
                && follower.logStart() >= Math.max(logStart, deletedEnd);
    }
}
