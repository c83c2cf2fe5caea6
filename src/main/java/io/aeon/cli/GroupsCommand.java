package io.aeon.cli;

import io.aeon.diagnosis.GroupInquiry;
import io.aeon.diagnosis.GroupLook;
import io.aeon.diagnosis.GroupReport;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.commons.cli.Options;
import org.apache.kafka.common.KafkaException;

/** Says how far groups have read and why one does not move. */
final class GroupsCommand implements Subcommand {
    private static final long BETWEEN_LOOKS_MS = 1000;

    private final PrintStream out;

    GroupsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String words() {
        return "groups";
    }

    @Override
    public String summary() {
        return "Print consumer groups, their lag, and what keeps one from moving.";
    }

    @Override
    public String more() {
        return "With GROUP its members and partitions too. Two looks, a second apart, show whether the lag grows. Apache"
                + " Kafka's brokers do not tell since when a member is awaited and how old a commit is.";
    }

    @Override
    public String operand() {
        return "[GROUP]";
    }

    @Override
    public Options options() {
        return Cluster.options();
    }

    @Override
    public int run(Given given) throws InterruptedException {
        String bootstrap = Cluster.bootstrap(given);
        Optional<String> group = given.optionalOperand();
        List<GroupReport> reports;
        Cluster.requireBroker(bootstrap);
        try (GroupInquiry inquiry = inquiry(bootstrap)) {
            reports = reports(inquiry, group, BETWEEN_LOOKS_MS);
        } catch (IOException e) {
            throw Cluster.failure(bootstrap, e);
        }
        if (group.isPresent() && reports.isEmpty()) {
            throw new CommandException("there is no group " + group.get());
        }
        if (given.has(Cluster.JSON)) {
            out.println(GroupsJson.of(reports));
        } else if (group.isPresent()) {
            reports.forEach(report -> GroupTables.of(report).forEach(out::println));
        } else {
            GroupTables.of(reports).forEach(out::println);
        }
        return Main.OK;
    }

    /** @throws CommandException it is no address */
    static GroupInquiry inquiry(String bootstrap) {
        try {
            return new GroupInquiry(bootstrap);
        } catch (KafkaException e) {
            throw Cluster.noAddress(bootstrap, e);
        }
    }

    /** What two looks at the groups show together. */
    static List<GroupReport> reports(GroupInquiry inquiry, Optional<String> group, long betweenLooksMs)
            throws IOException, InterruptedException {
        Predicate<String> wanted = id -> group.isEmpty() || group.get().equals(id);
        Map<String, GroupLook> before = inquiry.look(wanted);
        long begun = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(betweenLooksMs);
        Map<String, GroupLook> now = inquiry.look(wanted);
        long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        List<GroupReport> reports = new ArrayList<>();
        now.forEach((id, look) -> reports.add(new GroupReport(before.getOrDefault(id, look), look, elapsedMs)));
        return reports;
    }
}
