package io.aeon.cli;

import io.aeon.diagnosis.GroupLook;
import io.aeon.diagnosis.GroupLook.ObservedMember;
import io.aeon.diagnosis.GroupReport;
import io.aeon.diagnosis.PartitionNames;
import io.aeon.diagnosis.Progress;
import io.aeon.diagnosis.Stall;
import io.aeon.logging.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Reports about groups as tables for a terminal. */
final class GroupTables {
    private static final String NONE = "-";

    private GroupTables() {}

    /** One line for each group. */
    static List<String> of(List<GroupReport> reports) {
        TextTable table = new TextTable("GROUP", "TYPE", "STATE", "MEMBERS", "LAG", "LAG GROWTH", "HELD UP BY");
        for (GroupReport report : reports) {
            GroupLook group = report.now();
            List<Stall> stalls = report.stalls();
            table.row(
                    group.groupId(),
                    group.type(),
                    group.state(),
                    Integer.toString(group.members().size()),
                    Long.toString(report.lag()),
                    rate(report.lagGrowth()),
                    stalls.isEmpty()
                            ? NONE
                            : stalls.get(0).sentence()
                                    + (stalls.size() == 1 ? "" : "; " + (stalls.size() - 1) + " more"));
        }
        return table.lines();
    }

    /** One group with what keeps it from moving, its members and its partitions. */
    static List<String> of(GroupReport report) {
        GroupLook group = report.now();
        List<String> lines = new ArrayList<>();
        String epochs = group.groupEpoch().isPresent()
                ? ", group epoch " + group.groupEpoch().getAsInt() + ", target epoch "
                        + group.targetEpoch().orElse(0)
                : "";
        lines.add(Printable.of("Group " + group.groupId()) + ": " + group.type() + ", " + group.state() + ", "
                + group.members().size() + " members, lag " + report.lag() + " (" + rate(report.lagGrowth()) + ")"
                + epochs);
        report.stalls()
                .forEach(
                        stall -> lines.add((stall.isStuck() ? "STUCK: " : "WAITS: ") + Printable.of(stall.sentence())));
        if (!group.members().isEmpty()) {
            lines.add("");
            lines.addAll(members(group));
        }
        if (!group.partitions().isEmpty()) {
            lines.add("");
            lines.addAll(partitions(report));
        }
        return lines;
    }

    private static List<String> members(GroupLook group) {
        TextTable table = new TextTable("MEMBER", "INSTANCE", "CLIENT", "HOST", "EPOCH", "OWNS", "TO REVOKE", "TO GET");
        for (ObservedMember member : group.members()) {
            table.row(
                    member.memberId(),
                    member.instanceId().orElse(NONE),
                    member.clientId(),
                    member.host(),
                    member.epoch().isPresent() ? Integer.toString(member.epoch().getAsInt()) : NONE,
                    Integer.toString(member.owned().size()),
                    names(GroupReport.surplus(member)),
                    names(GroupReport.missing(member)));
        }
        return table.lines();
    }

    private static List<String> partitions(GroupReport report) {
        TextTable table = new TextTable("PARTITION", "COMMITTED", "END", "LAG", "LAG GROWTH", "LAST COMMIT", "MEMBER");
        report.now()
                .partitions()
                .forEach((partition, progress) -> table.row(
                        partition.toString(),
                        number(progress.committed()),
                        progress.end().isPresent() ? number(progress.end()) : "offline",
                        number(progress.lag()),
                        report.lagGrowth(partition).isPresent()
                                ? rate(report.lagGrowth(partition).getAsDouble())
                                : NONE,
                        lastCommit(progress),
                        report.now()
                                .owner(partition)
                                .map(ObservedMember::memberId)
                                .orElse(NONE)));
        return table.lines();
    }

    private static String lastCommit(Progress progress) {
        return progress.commitAgeMs().isPresent()
                ? seconds(progress.commitAgeMs().getAsLong()) + " ago"
                : NONE;
    }

    private static String names(Collection<TopicPartition> partitions) {
        return partitions.isEmpty() ? NONE : PartitionNames.of(partitions);
    }

    private static String seconds(long ms) {
        return ms / 1000 + " s";
    }

    private static String number(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : NONE;
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, "%+.0f/s", perSecond == 0 ? 0.0 : perSecond);
    }
}
