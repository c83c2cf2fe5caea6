package io.aeon.coordinator.group;

import io.aeon.coordinator.Now;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must happen by when, in {@link Now#elapsedMs}. */
final class MemberDeadlines {
    static final long NONE = Long.MAX_VALUE;

    private final Map<Key, Long> byKey = new HashMap<>();
    private long earliest = NONE;

    /** What ends: a member's session, the wait for joins, the wait for syncs. */
    enum Kind {
        SESSION,
        JOIN,
        SYNC
    }

    /** {@code memberId} is empty for what concerns the whole group. */
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
     * No deadline lies before this. Heartbeats move a deadline and leave this bound where it is, so that they cost no
     * search and no timer; it becomes exact by {@link #tighten}.
     */
    long earliest() {
        return earliest;
    }

    /** The keys that are due, the oldest first; each still to be {@link #claim}ed, for one may settle another. */
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

    /** Takes the deadline out if it is there and due. */
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
