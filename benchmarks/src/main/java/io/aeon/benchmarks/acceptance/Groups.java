package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Tools;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.GroupState;

/**
 * Three members share 60 partitions while a producer runs; one is killed, one joins, a static one bounces, then further
 * members come, and all but three are killed. Everything must be delivered, committed offsets must never go back, and
 * the lag that Kafka's tool shows must be true.
 *
 * <p>Options: {@code --modes range,cooperative,kcat,consumer,pattern,kcat-consumer,kcat-pattern}, {@code --rate},
 * {@code --seconds} between the events, {@code --members} at most, {@code --broker}, {@code --flush}, {@code --heap};
 * {@code --bootstrap} for a broker that runs already; {@code --librdkafka} for the directory of the library of the
 * modes kcat-consumer and kcat-pattern.
 */
final class Groups {
    private static final int PARTITIONS = 60;
    private static final int EXTRA = 1000;
    private static final int WAIT_SECONDS = 120;
    private static final int FEWEST = 3;
    private static final int AT_ONCE = 10;
    private static final String STATIC = "static-1";

    /** With the consumer protocol the broker chooses the session timeout. */
    private static final Map<String, String> SETTINGS = Map.of(
            "group.consumer.min.session.timeout.ms", Integer.toString(Member.STATIC_SESSION_MILLIS),
            "group.consumer.session.timeout.ms", Integer.toString(Member.STATIC_SESSION_MILLIS));

    private static final String ASSIGNORS = "org.apache.kafka.clients.consumer.";

    private final Checks checks;
    private final String mode;
    private final String bootstrap;
    private final String topic;
    private final String group;
    private final Path directory;
    private final String librdkafka;
    private final List<Member> members = new ArrayList<>();

    private Groups(Checks checks, String mode, String bootstrap, Path directory, String librdkafka) {
        this.checks = checks;
        this.mode = mode;
        this.bootstrap = bootstrap;
        this.directory = directory;
        this.librdkafka = librdkafka;
        topic = "shared-" + mode + "-" + ProcessHandle.current().pid();
        group = "group-" + mode + "-" + ProcessHandle.current().pid();
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(
                args,
                Set.of("modes", "rate", "seconds", "members", "broker", "flush", "heap", "bootstrap", "librdkafka"));
        Checks checks = new Checks();
        Path directory = Home.newRunDirectory("groups");
        if (arguments.has("bootstrap")) {
            run(checks, arguments, arguments.text("bootstrap", ""), directory);
        } else {
            try (BrokerProcess broker = BrokerProcess.start(
                    Distribution.of(arguments), directory.resolve("data"), BrokerProcess.freePort(), SETTINGS)) {
                broker.awaitReady();
                run(checks, arguments, broker.bootstrap(), directory);
                checks.that(broker.isAlive(), "the broker lives");
            }
        }
        if (checks.failed() == 0) {
            Home.delete(directory);
        }
        checks.exit();
    }

    private static void run(Checks checks, Arguments arguments, String bootstrap, Path directory) throws Exception {
        for (String mode : arguments.text("modes", "range,cooperative,kcat").split(",")) {
            new Groups(checks, mode, bootstrap, directory, arguments.text("librdkafka", ""))
                    .run(
                            arguments.number("rate", 3000),
                            arguments.number("seconds", 3) * 1000L,
                            arguments.number("members", FEWEST));
        }
    }

    private Member member(String name, String instance) throws IOException {
        Path file = directory.resolve(mode + "-" + name);
        Member member = switch (mode) {
            case "range" -> Member.java(bootstrap, topic, group, ASSIGNORS + "RangeAssignor", instance, file);
            case "cooperative" ->
                Member.java(bootstrap, topic, group, ASSIGNORS + "CooperativeStickyAssignor", instance, file);
            case "consumer", "pattern" -> Member.java(bootstrap, topic, group, mode, instance, file);
            case "kcat" -> Member.kcat(bootstrap, topic, group, instance, file);
            case "kcat-consumer" -> Member.kcatOfConsumerProtocol(bootstrap, topic, group, instance, file, librdkafka);
            case "kcat-pattern" ->
                Member.kcatOfConsumerProtocol(bootstrap, "^" + topic + "$", group, instance, file, librdkafka);
            default -> throw new IllegalArgumentException("no mode " + mode);
        };
        members.add(member);
        member.start();
        return member;
    }

    private void run(int rate, long pause, int most) throws Exception {
        Topics.create(bootstrap, topic, PARTITIONS, Map.of());
        try (Admin admin = Topics.admin(bootstrap);
                CommitWatch watch = new CommitWatch(bootstrap, group)) {
            Ledger ledger = new Ledger(PARTITIONS);
            try (LoadProducer producer = new LoadProducer(bootstrap, topic, PARTITIONS, rate, ledger)) {
                rebalances(admin, pause);
                crowd(admin, pause, most);
                checks.that(producer.failure() == null, "%s: no record was refused (%s)", mode, producer.failure());
            }
            Map<Integer, Long> ends = Topics.ends(admin, topic, PARTITIONS);
            await("everything is committed", () -> watch.committed().equals(ends));
            members.stream().filter(Member::isAlive).forEach(Member::stop);
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
            await("the group is empty", () -> describe(admin).groupState() == GroupState.EMPTY);
            checks.that(watch.wentBack().isEmpty(), "%s: committed offsets never went back %s", mode, watch.wentBack());
            GroupOutcome outcome = new GroupOutcome(checks, mode, bootstrap, group);
            outcome.checkDelivered(members, ends);
            outcome.checkLag(ends, Map.of());
            outcome.checkLag(ends, produceExtra(admin, ends));
        }
    }

    private void rebalances(Admin admin, long pause) throws Exception {
        Member killed = member("killed", "");
        Member first = member("first", "");
        Member fixed = member("static", STATIC);
        Set<String> three = awaitMembers(admin, FEWEST, Set.of());
        BrokerProcess.pause(pause);
        killed.kill();
        Member joined = member("joined", "");
        awaitMembers(admin, FEWEST, three);
        BrokerProcess.pause(pause);
        bounce(admin, fixed, first, joined);
        awaitMembers(admin, FEWEST, Set.of());
    }

    /** Members come in groups, one is killed each time; in the end all but the first three are. */
    private void crowd(Admin admin, long pause, int most) throws Exception {
        List<Member> crowd = new ArrayList<>();
        while (crowd.size() < most - FEWEST) {
            if (!crowd.isEmpty()) {
                crowd.remove(0).kill();
            }
            for (int i = 0; i < AT_ONCE && crowd.size() < most - FEWEST; i++) {
                crowd.add(member("crowd-" + members.size(), ""));
            }
            BrokerProcess.pause(pause);
        }
        if (!crowd.isEmpty()) {
            awaitMembers(admin, most, Set.of());
            crowd.forEach(Member::kill);
            awaitMembers(admin, FEWEST, Set.of());
        }
    }

    /** The others are told of nothing, neither when the member is back nor when the session of its old id ends. */
    private void bounce(Admin admin, Member fixed, Member... others) throws Exception {
        if (fixed.tellsChanges()) {
            await("the members know their partitions", () -> shared(fixed, others));
        }
        List<String> before = changes(others);
        Optional<String> oldId = staticId(admin);
        fixed.stop();
        long stopped = System.nanoTime();
        fixed.start();
        await(
                "the static member is back",
                () -> staticId(admin).isPresent() && !staticId(admin).equals(oldId));
        long sinceMillis = (System.nanoTime() - stopped) / 1_000_000;
        BrokerProcess.pause(Math.max(0, Member.STATIC_SESSION_MILLIS + 1000 - sinceMillis));
        checks.that(
                before.equals(changes(others)),
                "%s: a static member came back without a rebalance, %.1f s after its stop; its session is %d s",
                mode,
                sinceMillis / 1000.0,
                Member.STATIC_SESSION_MILLIS / 1000);
    }

    private Optional<String> staticId(Admin admin) throws Exception {
        return describe(admin).members().stream()
                .filter(member -> member.groupInstanceId().equals(Optional.of(STATIC)))
                .map(MemberDescription::consumerId)
                .findFirst();
    }

    /** Whether each partition has come to one member, and to no other. */
    private static boolean shared(Member one, Member... others) throws IOException {
        List<String> partitions = new ArrayList<>(one.partitions());
        for (Member other : others) {
            partitions.addAll(other.partitions());
        }
        return partitions.size() == PARTITIONS && Set.copyOf(partitions).size() == PARTITIONS;
    }

    private static Set<String> memberIds(ConsumerGroupDescription description) {
        return description.members().stream().map(MemberDescription::consumerId).collect(Collectors.toSet());
    }

    private static List<String> changes(Member... members) throws IOException {
        List<String> changes = new ArrayList<>();
        for (Member member : members) {
            changes.addAll(member.changes());
        }
        return changes;
    }

    private ConsumerGroupDescription describe(Admin admin) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    }

    /** Waits until that many members, not all of them the same as before, share all partitions: their ids. */
    private Set<String> awaitMembers(Admin admin, int count, Set<String> before) throws Exception {
        await(count + " members share the partitions", () -> {
            ConsumerGroupDescription description = describe(admin);
            long assigned = description.members().stream()
                    .flatMap(member -> member.assignment().topicPartitions().stream())
                    .distinct()
                    .count();
            return description.groupState() == GroupState.STABLE
                    && description.members().size() == count
                    && assigned == PARTITIONS
                    && !memberIds(description).equals(before);
        });
        return memberIds(describe(admin));
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long begun = System.nanoTime();
        boolean holds = false;
        while (!holds && System.nanoTime() - begun < WAIT_SECONDS * 1_000_000_000L) {
            BrokerProcess.pause(50);
            try {
                holds = condition.call();
            } catch (ExecutionException notYet) {
                continue;
            }
        }
        checks.that(holds, "%s: %s after %.1f s", mode, what, (System.nanoTime() - begun) / 1e9);
    }

    private Map<Integer, Long> produceExtra(Admin admin, Map<Integer, Long> ends) throws Exception {
        Tools.produce(bootstrap, topic, EXTRA, 100, List.of("acks=all"));
        return Topics.ends(admin, topic, PARTITIONS).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue() - ends.get(end.getKey())));
    }
}
