package io.aeon.diagnosis;

import io.aeon.diagnosis.GroupLook.ObservedMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * What two looks at a group show together.
 *
 * @param before the earlier look
 * @param elapsedMs milliseconds between the two, at least 1
 */
public record GroupReport(GroupLook before, GroupLook now, long elapsedMs) {
    /**
     * A member that has committed nothing for so long, while records wait, is slow, in milliseconds. Clients commit
     * every five seconds by default.
     */
    static final long SLOW_MS = 10_000;

    /** The lag of all partitions whose lag is known. */
    public long lag() {
        return now.partitions().values().stream()
                .mapToLong(progress -> progress.lag().orElse(0))
                .sum();
    }

    /** By how many records a second the lag of a partition grows. */
    public OptionalDouble lagGrowth(TopicPartition partition) {
        OptionalLong first = progress(before, partition).lag();
        OptionalLong last = progress(now, partition).lag();
        return first.isPresent() && last.isPresent()
                ? OptionalDouble.of((last.getAsLong() - first.getAsLong()) * 1000.0 / elapsedMs)
                : OptionalDouble.empty();
    }

    private static Progress progress(GroupLook look, TopicPartition partition) {
        return look.partitions().getOrDefault(partition, Progress.NONE);
    }

    /** By how many records a second the lag of all partitions grows. */
    public double lagGrowth() {
        return now.partitions().keySet().stream()
                .mapToDouble(partition -> lagGrowth(partition).orElse(0))
                .sum();
    }

    /**
     * Everything that keeps the group, or a partition of it, from moving; members that hold up a rebalance come first.
     */
    public List<Stall> stalls() {
        List<Stall> stalls = new ArrayList<>(
                now.awaited().isPresent()
                        ? awaited()
                        : now.members().stream().flatMap(this::behind).toList());
        now.members().stream().flatMap(this::slow).forEach(stalls::add);
        now.partitions().forEach((partition, progress) -> {
            if (progress.isOffline()) {
                stalls.add(offline(partition, progress));
            }
        });
        return stalls;
    }

    private List<Stall> awaited() {
        return now.awaited().orElse(List.of()).stream()
                .map(awaited -> new Stall(
                        awaited.awaited().toLowerCase(Locale.ROOT),
                        awaited.memberId(),
                        awaited.clientId(),
                        awaited.clientHost(),
                        awaited.reason(),
                        "",
                        OptionalLong.of(awaited.forMs()),
                        now.member(awaited.memberId()).map(GroupReport::surplus).orElse(List.of())))
                .toList();
    }

    /** The partitions that a member owns and shall not have, in order. */
    public static List<TopicPartition> surplus(ObservedMember member) {
        if (member.target().isEmpty()) {
            return List.of();
        }
        return member.owned().stream()
                .filter(partition -> !member.target().get().contains(partition))
                .sorted(GroupLook.ORDER)
                .toList();
    }

    /** Without the broker's word only a member that owned too much at both looks counts. */
    private Stream<Stall> behind(ObservedMember member) {
        List<TopicPartition> surplus = surplus(member);
        boolean since = before.member(member.memberId())
                .map(GroupReport::surplus)
                .filter(surplus::equals)
                .isPresent();
        return surplus.isEmpty() || !since
                ? Stream.empty()
                : Stream.of(stall(
                        "revocation", member, "has not revoked its partitions", "", OptionalLong.empty(), surplus));
    }

    private Stream<Stall> slow(ObservedMember member) {
        List<TopicPartition> standing = member.owned().stream()
                .filter(this::stands)
                .sorted(GroupLook.ORDER)
                .toList();
        if (standing.isEmpty()) {
            return Stream.empty();
        }
        long lag = standing.stream()
                .mapToLong(partition -> progress(now, partition).lag().orElse(0))
                .sum();
        OptionalLong age = standing.stream()
                .mapToLong(partition -> progress(now, partition).commitAgeMs().orElse(0))
                .min();
        String detail = "while " + lag + " records wait: it polls or works too slowly, or does not commit";
        return Stream.of(stall("slow", member, "has committed nothing", detail, age, standing));
    }

    /** Whether records wait and nothing was committed for long, although the partition answers. */
    private boolean stands(TopicPartition partition) {
        Progress first = progress(before, partition);
        Progress last = progress(now, partition);
        return last.lag().orElse(0) > 0
                && first.lag().orElse(0) > 0
                && first.committed().equals(last.committed())
                && last.commitAgeMs().orElse(0) >= SLOW_MS;
    }

    private Stall offline(TopicPartition partition, Progress progress) {
        Optional<ObservedMember> owner = now.owner(partition);
        List<TopicPartition> partitions = List.of(partition);
        String reason = "a partition is offline and has no commit";
        return owner.map(member -> stall(
                        "offline",
                        member,
                        "has no commit",
                        "because a partition is offline",
                        progress.commitAgeMs(),
                        partitions))
                .orElseGet(() -> new Stall("offline", "", "", "", reason, "", progress.commitAgeMs(), partitions));
    }

    private static Stall stall(
            String kind,
            ObservedMember member,
            String reason,
            String detail,
            OptionalLong forMs,
            List<TopicPartition> partitions) {
        return new Stall(kind, member.memberId(), member.clientId(), member.host(), reason, detail, forMs, partitions);
    }

    /** The partitions that a member shall have and has not got yet, in order. */
    public static Set<TopicPartition> missing(ObservedMember member) {
        Set<TopicPartition> missing = new TreeSet<>(GroupLook.ORDER);
        missing.addAll(member.target().orElse(Set.of()));
        missing.removeAll(member.owned());
        return missing;
    }
}
