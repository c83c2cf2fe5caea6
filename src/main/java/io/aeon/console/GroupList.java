package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Resource;
import io.aeon.diagnosis.GroupReport;
import io.aeon.diagnosis.Stall;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.GroupListing;
import org.jspecify.annotations.Nullable;

/** {@code /api/groups}: a page of the groups of every kind. Only those of the page are looked at. */
final class GroupList implements Resource {
    private final ClusterClients clients;
    private final GroupWatch watch;

    GroupList(ClusterClients clients, GroupWatch watch) {
        this.clients = clients;
        this.watch = watch;
    }

    /**
     * A group.
     *
     * @param members null if the console knows nothing more of its kind, like the fields behind it
     * @param growth by how many records a second its lag grows, null if that is not known yet
     * @param heldUpBy what keeps it from moving, in words
     * @param stuck whether that lasts too long
     */
    record ShownGroup(
            String group,
            String type,
            String state,
            @Nullable Integer members,
            @Nullable Long lag,
            @Nullable Double growth,
            @Nullable String heldUpBy,
            boolean stuck) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        Predicate<String> search = Page.search(query);
        Optional<String> state = query.text("state").map(wanted -> wanted.toLowerCase(Locale.ROOT));
        List<GroupListing> found = all().stream()
                .filter(group -> search.test(group.groupId()))
                .filter(group ->
                        state.isEmpty() || state(group).toLowerCase(Locale.ROOT).equals(state.get()))
                .toList();
        Page<GroupListing> page = Page.of(found, query);
        Map<String, GroupReport> reports =
                watch.reports(page.items().stream().map(GroupListing::groupId).collect(Collectors.toSet()));
        return Json.answer(new Page<>(
                page.total(),
                page.offset(),
                page.items().stream()
                        .map(group -> shown(group, reports.get(group.groupId())))
                        .toList()));
    }

    /** All groups by group id. */
    List<GroupListing> all() throws IOException, InterruptedException {
        return Calls.done(clients.admin().listGroups().all()).stream()
                .sorted(Comparator.comparing(GroupListing::groupId))
                .toList();
    }

    private static String state(GroupListing group) {
        return group.groupState().map(Object::toString).orElse("Unknown");
    }

    private static ShownGroup shown(GroupListing group, @Nullable GroupReport report) {
        String type = group.type().map(Object::toString).orElse("Classic");
        if (report == null) {
            return new ShownGroup(group.groupId(), type, state(group), null, null, null, null, false);
        }
        List<Stall> stalls = report.stalls();
        return new ShownGroup(
                group.groupId(),
                type,
                report.now().state(),
                report.now().members().size(),
                report.lag(),
                report.elapsedMs() < GroupWatch.LEAST_MS ? null : report.lagGrowth(),
                stalls.isEmpty() ? null : stalls.get(0).sentence(),
                stalls.stream().anyMatch(Stall::isStuck));
    }
}
