package io.aeon.coordinator.group.member;

import io.aeon.coordinator.Now;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The deadlines of a group, in {@link Now#elapsedMs}. */
public final class MemberDeadlines {
    public static final long NONE = Long.MAX_VALUE;

    /** A session contains at least this many heartbeats, as Kafka advises. */
    private static final int HEARTBEATS_PER_SESSION = 3;

    private final Map<Key, Long> byKey = new HashMap<>();
    private long earliest = NONE;

    /** The kinds of deadlines. */
    public enum Kind {
        /** A member must send a heartbeat. */
        SESSION,
        /** A member whose connection has ended must send a heartbeat over another one. */
        BACK,
        /** A member, or all members of a classic group, must join again. */
        JOIN,
        /** A member, or all members of a classic group, must ask for the assignment. */
        SYNC,
        /** A member of the consumer protocol must revoke partitions. */
        REBALANCE,
        /** The target assignment of a consumer group must be computed. */
        TARGET,
        /** Members that hold up a rebalance must be named. */
        HOLD_UP
    }

    /** {@code memberId} is empty for a deadline of the whole group. */
    public record Key(Kind kind, String memberId) {
        public static final Key JOIN = new Key(Kind.JOIN, "");
        public static final Key SYNC = new Key(Kind.SYNC, "");

        public static final Key TARGET = new Key(Kind.TARGET, "");
        static final Key HOLD_UP = new Key(Kind.HOLD_UP, "");

        public static Key session(String memberId) {
            return new Key(Kind.SESSION, memberId);
        }

        public static Key back(String memberId) {
            return new Key(Kind.BACK, memberId);
        }

        public static Key join(String memberId) {
            return new Key(Kind.JOIN, memberId);
        }

        public static Key sync(String memberId) {
            return new Key(Kind.SYNC, memberId);
        }

        public static Key rebalance(String memberId) {
            return new Key(Kind.REBALANCE, memberId);
        }
    }

    public void set(Key key, Now now, long afterMs) {
        long at = now.elapsedMs() + afterMs;
        byKey.put(key, at);
        earliest = Math.min(earliest, at);
    }

    public void setIfAbsent(Key key, Now now, long afterMs) {
        if (!isSet(key)) {
            set(key, now, afterMs);
        }
    }

    /** A heartbeat of the member has come: its session begins again. */
    public void alive(String memberId, Now now, long sessionMs) {
        set(Key.session(memberId), now, sessionMs);
        cancel(Key.back(memberId));
    }

    /**
     * Begins the session of a member after a load. It is shorter by the longest heartbeat interval of the others, so
     * that they hear within the session timeout that the member is gone. A static member that restarts has the whole
     * session.
     */
    public void awaitReturn(String memberId, boolean isStatic, Now now, int sessionMs) {
        int heartbeatMs = isStatic ? 0 : sessionMs / HEARTBEATS_PER_SESSION;
        set(Key.session(memberId), now, sessionMs - heartbeatMs);
    }

    /** The session of a member goes on as under the other protocol of its group, if there is one in {@code there}. */
    public void continueSession(String memberId, MemberDeadlines there) {
        Key key = Key.session(memberId);
        Long at = there.byKey.get(key);
        if (at != null) {
            byKey.put(key, at);
            earliest = Math.min(earliest, at);
        }
    }

    public boolean isSet(Key key) {
        return byKey.containsKey(key);
    }

    public void cancel(Key key) {
        byKey.remove(key);
    }

    public void clear() {
        byKey.clear();
        earliest = NONE;
    }

    /** Removes all deadlines of a member. */
    public void cancelAll(String memberId) {
        for (Kind kind : Kind.values()) {
            byKey.remove(new Key(kind, memberId));
        }
    }

    /**
     * A lower bound of all deadlines. A heartbeat moves a deadline without a change of this bound, so that it needs no
     * search and no timer. {@link #tighten} makes the bound exact.
     */
    public long earliest() {
        return earliest;
    }

    /**
     * The keys that are due, oldest first. Each must be {@link #claim}ed, because the handling of one may cancel
     * another.
     */
    public List<Key> due(Now now) {
        return byKey.entrySet().stream()
                .filter(entry -> entry.getValue() <= now.elapsedMs())
                .sorted(Map.Entry.<Key, Long>comparingByValue()
                        .thenComparing(
                                Map.Entry::getKey,
                                Comparator.comparing(Key::kind).thenComparing(Key::memberId)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Removes the deadline if it exists and is due; returns whether it did. */
    public boolean claim(Key key, Now now) {
        Long at = byKey.get(key);
        if (at == null || at > now.elapsedMs()) {
            return false;
        }
        byKey.remove(key);
        return true;
    }

    /** Makes {@link #earliest} exact. */
    public void tighten() {
        earliest = byKey.values().stream().mapToLong(Long::longValue).min().orElse(NONE);
    }
}
