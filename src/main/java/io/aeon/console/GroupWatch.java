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
 * Looks at groups, and keeps the latest look at each while it is used, so that the next one shows what has changed
 * since. Callers wait for each other. Thread-safe.
 */
final class GroupWatch implements AutoCloseable {
    /** What a report needs between two looks to say how fast something grows. */
    static final long LEAST_MS = 500;

    private static final long OLDEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final WhileUsed<Looks> looks;

    GroupWatch(ClusterClients clients) {
        this.looks = new WhileUsed<>("aeon-console-groups", () -> new Looks(new GroupInquiry(clients.bootstrap())));
    }

    private record Past(GroupLook look, long nanos) {}

    /** The connections to coordinators, and what was seen by them. */
    private static final class Looks implements AutoCloseable {
        private static final int MOST_KEPT = 1_000;

        private final GroupInquiry inquiry;
        private final Map<String, Past> past = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Past> eldest) {
                return size() > MOST_KEPT;
            }
        };

        private Looks(GroupInquiry inquiry) {
            this.inquiry = inquiry;
        }

        @Override
        public void close() throws IOException {
            inquiry.close();
        }
    }

    /**
     * Reports about the groups that exist, by group id. The first one about a group knows no earlier look.
     *
     * @throws IOException a coordinator does not answer
     */
    synchronized Map<String, GroupReport> reports(Set<String> groups) throws IOException, InterruptedException {
        try {
            return reports(looks.get(), groups);
        } catch (IOException e) {
            // A coordinator closes a connection that was idle for long, which only the next call notices.
            looks.discard();
            return reports(looks.get(), groups);
        }
    }

    private static Map<String, GroupReport> reports(Looks looks, Set<String> groups)
            throws IOException, InterruptedException {
        Map<String, GroupLook> seen = looks.inquiry.look(groups::contains);
        long now = System.nanoTime();
        Map<String, GroupReport> reports = new TreeMap<>();
        seen.forEach((id, look) -> {
            Past before = looks.past.get(id);
            if (before == null || now - before.nanos() >= OLDEST_NANOS) {
                before = new Past(look, now);
                looks.past.put(id, before);
            }
            long elapsedMs = TimeUnit.NANOSECONDS.toMillis(now - before.nanos());
            reports.put(id, new GroupReport(before.look(), look, Math.max(1, elapsedMs)));
            if (elapsedMs >= LEAST_MS) {
                looks.past.put(id, new Past(look, now));
            }
        });
        return reports;
    }

    @Override
    public void close() {
        looks.close();
    }
}
