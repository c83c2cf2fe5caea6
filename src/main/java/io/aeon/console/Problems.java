package io.aeon.console;

import io.aeon.console.Transactions.ShownTransaction;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import io.aeon.diagnosis.GroupReport;
import io.aeon.diagnosis.Stall;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.GroupListing;

/** {@code /api/problems}: what is wrong with this broker, and with the groups and transactions of the cluster. */
final class Problems implements Resource {
    /** Above this number of groups only these are looked at. */
    private static final int MOST_GROUPS = 1_000;

    private final BrokerView broker;
    private final GroupList groups;
    private final GroupWatch watch;
    private final Transactions transactions;

    Problems(BrokerView broker, GroupList groups, GroupWatch watch, Transactions transactions) {
        this.broker = broker;
        this.groups = groups;
        this.watch = watch;
        this.transactions = transactions;
    }

    /** @param link the page of the console that shows more, empty if there is none */
    record ShownProblem(String kind, String what, String remedy, String link) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        List<ShownProblem> found = new ArrayList<>();
        broker.health()
                .problems()
                .forEach(problem -> found.add(new ShownProblem("broker", problem.what(), problem.remedy(), "")));
        try {
            ofGroups(found);
            ofTransactions(found);
        } catch (IOException | RefusedException e) {
            found.add(new ShownProblem(
                    "console",
                    "the console has no answer from the cluster: " + e.getMessage(),
                    "see whether the addresses that the listeners advertise (advertised-host) can be reached from this"
                            + " machine",
                    ""));
        }
        return Json.answer(found);
    }

    private void ofGroups(List<ShownProblem> found) throws IOException, InterruptedException {
        Map<String, GroupReport> reports = new TreeMap<>(watch.reports(groups.all().stream()
                .map(GroupListing::groupId)
                .limit(MOST_GROUPS)
                .collect(Collectors.toSet())));
        reports.forEach((id, report) -> report.stalls().stream()
                .filter(Stall::isStuck)
                .forEach(stall -> found.add(
                        new ShownProblem("group", "group " + id + ": " + stall.sentence(), remedy(stall), link(id)))));
    }

    /** An id may be any text. */
    private static String link(String group) {
        return "#/group/" + URLEncoder.encode(group, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String remedy(Stall stall) {
        return switch (stall.kind()) {
            case "offline" -> "bring the partition back first; the group goes on by itself";
            case "slow" ->
                "look at that client: a long call or an exception in its loop, too few members, or commits that are"
                        + " switched off";
            case "return" -> "start that static member again, or wait for its session timeout";
            default ->
                "look at that client, which is slow or hangs; without it, after its session timeout, the group goes on";
        };
    }

    private void ofTransactions(List<ShownProblem> found) throws IOException, InterruptedException {
        for (ShownTransaction each : transactions.hanging()) {
            found.add(new ShownProblem(
                    "transaction",
                    "the transaction of " + each.id() + " should have been aborted at its timeout and is still "
                            + each.state(),
                    "see the log of broker " + each.coordinator()
                            + ", which coordinates it; consumers with isolation level read_committed wait until it ends",
                    "#/transactions"));
        }
    }
}
