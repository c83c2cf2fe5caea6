package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import io.aeon.console.http.Resource;
import io.aeon.diagnosis.GroupLook;
import io.aeon.diagnosis.GroupLook.ObservedMember;
import io.aeon.diagnosis.GroupReport;
import io.aeon.diagnosis.PartitionNames;
import io.aeon.diagnosis.Progress;
import io.aeon.diagnosis.Stall;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** {@code /api/group}: a group with its members, a page of its partitions, and what keeps it from moving. */
final class GroupDetail implements Resource {
    private final GroupWatch watch;

    GroupDetail(GroupWatch watch) {
        this.watch = watch;
    }

    record ShownGroupDetail(
            String group,
            String type,
            String state,
            @Nullable Integer epoch,
            @Nullable Integer targetEpoch,
            long lag,
            @Nullable Double growth,
            List<ShownStall> stalls,
            List<ShownMember> members,
            Page<ShownProgress> partitions) {}

    record ShownStall(String sentence, boolean stuck) {}

    /** @param toRevoke names of partitions, like {@code toGet} */
    record ShownMember(
            String member,
            @Nullable String instance,
            String client,
            String host,
            @Nullable Integer epoch,
            int owns,
            String toRevoke,
            String toGet) {}

    /**
     * How far the group has read a partition.
     *
     * @param end null if the partition is offline
     * @param commitAgeMs milliseconds since the commit, null if they are not known
     * @param growth by how many records a second the lag grows
     */
    record ShownProgress(
            String topic,
            int partition,
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Long lag,
            @Nullable Double growth,
            @Nullable Long commitAgeMs,
            @Nullable String member) {}

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException, InterruptedException {
        String id = query.required("group");
        GroupReport report = watch.reports(Set.of(id)).get(id);
        if (report == null) {
            throw new RefusedException(404, "there is no classic or consumer group " + id);
        }
        GroupLook now = report.now();
        boolean isFirst = report.elapsedMs() < GroupWatch.LEAST_MS;
        Page<TopicPartition> page = Page.of(List.copyOf(now.partitions().keySet()), query);
        return Json.answer(new ShownGroupDetail(
                id,
                now.type(),
                now.state(),
                known(now.groupEpoch()),
                known(now.targetEpoch()),
                report.lag(),
                isFirst ? null : report.lagGrowth(),
                report.stalls().stream().map(GroupDetail::shown).toList(),
                now.members().stream().map(GroupDetail::shown).toList(),
                new Page<>(
                        page.total(),
                        page.offset(),
                        page.items().stream()
                                .map(partition -> shown(report, partition, isFirst))
                                .toList())));
    }

    private static ShownStall shown(Stall stall) {
        return new ShownStall(stall.sentence(), stall.isStuck());
    }

    private static ShownMember shown(ObservedMember member) {
        return new ShownMember(
                member.memberId(),
                member.instanceId().orElse(null),
                member.clientId(),
                member.host(),
                known(member.epoch()),
                member.owned().size(),
                PartitionNames.of(GroupReport.surplus(member)),
                PartitionNames.of(GroupReport.missing(member)));
    }

    private static ShownProgress shown(GroupReport report, TopicPartition partition, boolean isFirst) {
        Progress progress = report.now().partitions().getOrDefault(partition, Progress.NONE);
        OptionalDouble growth = report.lagGrowth(partition);
        return new ShownProgress(
                partition.topic(),
                partition.partition(),
                known(progress.committed()),
                known(progress.end()),
                known(progress.lag()),
                isFirst || growth.isEmpty() ? null : growth.getAsDouble(),
                known(progress.commitAgeMs()),
                report.now().owner(partition).map(ObservedMember::memberId).orElse(null));
    }

    private static @Nullable Long known(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static @Nullable Integer known(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
