package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Tools;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the members of a group have read in the end, and the lag that Kafka's tool shows of it. */
final class GroupOutcome {
    /** How often kcat is stopped under load; each time it drops the one record it was just given and will commit. */
    private static final int KCAT_STOPS = 2;

    private final Checks checks;
    private final String mode;
    private final String bootstrap;
    private final String group;

    GroupOutcome(Checks checks, String mode, String bootstrap, String group) {
        this.checks = checks;
        this.mode = mode;
        this.bootstrap = bootstrap;
        this.group = group;
    }

    /**
     * All records were delivered to the members, however often.
     *
     * @param ends the end offset of each partition
     */
    void checkDelivered(List<Member> members, Map<Integer, Long> ends) throws IOException {
        BitSet[] delivered = new BitSet[ends.size()];
        for (int i = 0; i < ends.size(); i++) {
            delivered[i] = new BitSet();
        }
        long deliveries = 0;
        for (Member member : members) {
            deliveries += member.addDelivered(delivered);
        }
        long records = ends.values().stream().mapToLong(Long::longValue).sum();
        long distinct = 0;
        for (BitSet of : delivered) {
            distinct += of.cardinality();
        }
        long cutShort = mode.startsWith("kcat") ? KCAT_STOPS : 0;
        checks.that(
                distinct >= records - cutShort,
                "%s: %d of %d records delivered, %d again",
                mode,
                distinct,
                records,
                deliveries - distinct);
        for (int partition = 0; partition < ends.size(); partition++) {
            int missing = delivered[partition].nextClearBit(0);
            if (missing < ends.get(partition)) {
                checks.note("%s: partition %d offset %d was not delivered", mode, partition, missing);
            }
        }
    }

    /**
     * The tool shows what is committed and the lag of each partition, 0 if it is not in {@code lag}. Its columns: GROUP
     * TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG ...
     */
    void checkLag(Map<Integer, Long> committed, Map<Integer, Long> lag) throws IOException {
        String output = Tools.run(
                "consumer.group.ConsumerGroupCommand",
                List.of("--bootstrap-server", bootstrap, "--describe", "--group", group));
        Map<Integer, String> shown = new TreeMap<>();
        output.lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(fields -> fields.length > 5 && fields[0].equals(group))
                .forEach(fields ->
                        shown.put(Integer.parseInt(fields[2]), fields[3] + " " + fields[4] + " " + fields[5]));
        Map<Integer, String> expected = new TreeMap<>();
        committed.forEach((partition, offset) -> {
            long behind = lag.getOrDefault(partition, 0L);
            expected.put(partition, offset + " " + (offset + behind) + " " + behind);
        });
        long total = lag.values().stream().mapToLong(Long::longValue).sum();
        checks.that(shown.equals(expected), "%s: kafka-consumer-groups shows the lag of %d", mode, total);
        if (!shown.equals(expected)) {
            checks.note("expected %s\n      but was %s", expected, shown);
        }
    }
}
