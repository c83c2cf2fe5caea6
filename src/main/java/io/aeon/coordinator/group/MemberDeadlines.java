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

    /** The kinds of deadlines: of a member's session, of the joins, of the syncs. */
    enum Kind {
        SESSION,
        JOIN,
        SYNC
    }

    /** {@code memberId} is empty for a deadline of the whole group. */
    record Key(Kind kind, String memberId) {
        static final Key JOIN = new Key(Kind.JOIN, "");
        static final Key SYNC = new Key(Kind.SYNC, "");

        static Key session(String memberId) {
            return new Key(Kind.SESSION, memberId);
        }
    }

    void set(Key key, Now now, long afterMs) {
        long at = now.elapsedMs() + afterMs;
        byKey.put(key, at);
        earliest = Math.min(earliest, at);
    }

    void cancel(Key key) {
        byKey.remove(key);
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
