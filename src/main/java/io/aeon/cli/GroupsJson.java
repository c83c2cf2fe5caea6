package io.aeon.cli;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.aeon.diagnosis.GroupLook.ObservedMember;
import io.aeon.diagnosis.GroupReport;
import io.aeon.diagnosis.Progress;
import io.aeon.diagnosis.Stall;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Reports about groups as JSON. What is not known is left out. */
final class GroupsJson {
    private GroupsJson() {}

    static String of(List<GroupReport> reports) {
        List<Map<String, Object>> groups =
                reports.stream().map(GroupsJson::group).toList();
        return ConfigValueFactory.fromMap(Map.of("groups", groups))
                .render(ConfigRenderOptions.concise().setFormatted(true));
    }

    private static Map<String, Object> group(GroupReport report) {
        Map<String, Object> group = new HashMap<>();
        group.put("group", report.now().groupId());
        group.put("type", report.now().type());
        group.put("state", report.now().state());
        put(group, "groupEpoch", report.now().groupEpoch());
        put(group, "targetEpoch", report.now().targetEpoch());
        group.put("lag", report.lag());
        group.put("lagGrowthPerSecond", report.lagGrowth());
        group.put("heldUpBy", report.stalls().stream().map(GroupsJson::stall).toList());
        group.put(
                "members",
                report.now().members().stream().map(GroupsJson::member).toList());
        group.put(
                "partitions",
                report.now().partitions().entrySet().stream()
                        .map(partition -> partition(report, partition.getKey(), partition.getValue()))
                        .toList());
        return group;
    }

    private static Map<String, Object> stall(Stall stall) {
        Map<String, Object> entry = new HashMap<>();
        entry.put("kind", stall.kind());
        entry.put("member", stall.memberId());
        entry.put("client", stall.clientId());
        entry.put("host", stall.host());
        entry.put("text", stall.sentence());
        put(entry, "forMs", stall.forMs());
        entry.put("stuck", stall.isStuck());
        entry.put("partitions", names(stall.partitions()));
        return entry;
    }

    private static Map<String, Object> member(ObservedMember member) {
        Map<String, Object> entry = new HashMap<>();
        entry.put("member", member.memberId());
        member.instanceId().ifPresent(instance -> entry.put("instance", instance));
        entry.put("client", member.clientId());
        entry.put("host", member.host());
        put(entry, "epoch", member.epoch());
        entry.put("owns", names(member.owned()));
        entry.put("toRevoke", names(GroupReport.surplus(member)));
        entry.put("toGet", names(GroupReport.missing(member)));
        return entry;
    }

    private static Map<String, Object> partition(GroupReport report, TopicPartition partition, Progress progress) {
        Map<String, Object> entry = new HashMap<>();
        entry.put("topic", partition.topic());
        entry.put("partition", partition.partition());
        put(entry, "committed", progress.committed());
        put(entry, "end", progress.end());
        put(entry, "lag", progress.lag());
        put(entry, "commitAgeMs", progress.commitAgeMs());
        report.lagGrowth(partition).ifPresent(growth -> entry.put("lagGrowthPerSecond", growth));
        report.now().owner(partition).ifPresent(owner -> entry.put("member", owner.memberId()));
        return entry;
    }

    private static void put(Map<String, Object> entry, String key, OptionalLong value) {
        value.ifPresent(number -> entry.put(key, number));
    }

    private static void put(Map<String, Object> entry, String key, OptionalInt value) {
        value.ifPresent(number -> entry.put(key, number));
    }

    private static List<String> names(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::toString).sorted().toList();
    }
}
