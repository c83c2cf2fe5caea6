package io.aeon.console;

import io.aeon.diagnosis.GroupInquiry;
import io.aeon.diagnosis.GroupLook;
import io.aeon.diagnosis.GroupReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Looks at groups, and keeps the latest look at each, so that the next one shows what has changed since. Callers wait for
 * each other. Thread-safe.
 */
final class GroupWatch implements AutoCloseable {
    private static final int MOST_KEPT = 1_000;
    private static final long OLDEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** What a report needs between two looks to say how fast something grows. */
    static final long LEAST_MS = 500;

    private final WhileUsed<GroupInquiry> inquiry;
    private final Map<String, Past> past = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Past> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private record Past(GroupLook look, long nanos) {}

    GroupWatch(ClusterClients clients) {
        this.inquiry = new WhileUsed<>("aeon-console-groups", () -> new GroupInquiry(clients.bootstrap()));
    }

    /**
     * Reports about the groups that exist, by group id. The first one about a group knows no earlier look.
     *
     * @throws IOException a coordinator does not answer
     */
    synchronized Map<String, GroupReport> reports(Set<String> groups) throws IOException, InterruptedException {
        Map<String, GroupLook> looks = looks(groups);
        long now = System.nanoTime();
        Map<String, GroupReport> reports = new TreeMap<>();
        looks.forEach((id, look) -> {
            Past before = past.get(id);
            if (before == null || now - before.nanos() >= OLDEST_NANOS) {
                before = new Past(look, now);
                past.put(id, before);
            }
            long elapsedMs = TimeUnit.NANOSECONDS.toMillis(now - before.nanos());
            reports.put(id, new GroupReport(before.look(), look, Math.max(1, elapsedMs)));
            if (elapsedMs >= LEAST_MS) {
                past.put(id, new Past(look, now));
            }
        });
        return reports;
    }

    /** A connection that was idle for long is closed by the coordinator, which the next call notices. */
    private Map<String, GroupLook> looks(Set<String> groups) throws IOException, InterruptedException {
        try {
            return inquiry.get().look(groups::contains);
        } catch (IOException e) {
            inquiry.discard();
            return inquiry.get().look(groups::contains);
        }
    }

    @Override
    public void close() {
        inquiry.close();
    }
}
