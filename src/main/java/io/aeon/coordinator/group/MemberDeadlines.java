package io.aeon.coordinator.group;

import io.aeon.coordinator.Now;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The deadlines of a group, in {@link Now#elapsedMs}. */
final class MemberDeadlines {
    static final long NONE = Long.MAX_VALUE;

    private final Map<Key, Long> byKey = new HashMap<>();
    private long earliest = NONE;

    /** The kinds of deadlines. */
    enum Kind {
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
    record Key(Kind kind, String memberId) {
        static final Key JOIN = new Key(Kind.JOIN, "");
        static final Key SYNC = new Key(Kind.SYNC, "");

        static final Key TARGET = new Key(Kind.TARGET, "");
        static final Key HOLD_UP = new Key(Kind.HOLD_UP, "");

        static Key session(String memberId) {
            return new Key(Kind.SESSION, memberId);
        }

        static Key back(String memberId) {
            return new Key(Kind.BACK, memberId);
        }

        static Key join(String memberId) {
            return new Key(Kind.JOIN, memberId);
        }

        static Key sync(String memberId) {
            return new Key(Kind.SYNC, memberId);
        }

        static Key rebalance(String memberId) {
            return new Key(Kind.REBALANCE, memberId);
        }
    }

    void set(Key key, Now now, long afterMs) {
        long at = now.elapsedMs() + afterMs;
        byKey.put(key, at);
        earliest = Math.min(earliest, at);
    }

    void setIfAbsent(Key key, Now now, long afterMs) {
        if (!isSet(key)) {
            set(key, now, afterMs);
        }
    }

    /** A heartbeat of the member has come: its session begins again. */
    void alive(String memberId, Now now, long sessionMs) {
        set(Key.session(memberId), now, sessionMs);
        cancel(Key.back(memberId));
    }

    boolean isSet(Key key) {
        return byKey.containsKey(key);
    }

    void cancel(Key key) {
        byKey.remove(key);
    }

    void clear() {
        byKey.clear();
        earliest = NONE;
    }

    /** Removes all deadlines of a member. */
    void cancelAll(String memberId) {
        for (Kind kind : Kind.values()) {
            byKey.remove(new Key(kind, memberId));
        }
    }

    /**
     * A lower bound of all deadlines. A heartbeat moves a deadline without a change of this bound, so that it needs no
     * search and no timer. {@link #tighten} makes the bound exact.
     */
    long earliest() {
        return earliest;
    }

    /**
     * The keys that are due, oldest first. Each must be {@link #claim}ed, because the handling of one may cancel
     * another.
     */
    List<Key> due(Now now) {
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
    boolean claim(Key key, Now now) {
        Long at = byKey.get(key);
        if (at == null || at > now.elapsedMs()) {
            return false;
        }
        byKey.remove(key);
        return true;
    }

    /** Makes {@link #earliest} exact. */
    void tighten() {
        earliest = byKey.values().stream().mapToLong(Long::longValue).min().orElse(NONE);
    }
}
