package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests of few bytes that are decoded to many objects. */
final class Elements {
    private static final int CONNECTIONS = 20;
    private static final int FLEXIBLE_PRODUCE = 9;
    private static final int ELEMENTS = 240_000;
    private static final int ACCEPTED = 30_000;

    private Elements() {}

    /** Produce requests with as many topics, and with as many partitions, as their size allows and fewer. */
    static void topicsAndPartitions(Target target) throws Exception {
        for (int count : new int[] {ELEMENTS, ACCEPTED}) {
            ProduceRequestData topics = new ProduceRequestData().setAcks((short) -1);
            IntStream.range(0, count)
                    .forEach(i -> topics.topicData()
                            .add(new TopicProduceData()
                                    .setName(Integer.toHexString(i))
                                    .setPartitionData(List.of())));
            ask(target, Frames.of(ApiKeys.PRODUCE, FLEXIBLE_PRODUCE, topics));
            ProduceRequestData partitions = new ProduceRequestData().setAcks((short) -1);
            partitions
                    .topicData()
                    .add(new TopicProduceData()
                            .setName(Target.TOPIC)
                            .setPartitionData(IntStream.range(0, count)
                                    .mapToObj(i -> new PartitionProduceData().setIndex(i))
                                    .toList()));
            ask(target, Frames.of(ApiKeys.PRODUCE, FLEXIBLE_PRODUCE, partitions));
            ask(
                    target,
                    Frames.of(
                            ApiKeys.DESCRIBE_GROUPS,
                            5,
                            new DescribeGroupsRequestData().setGroups(Collections.nCopies(count, ""))));
        }
    }

    /** Asks on many connections at a time and waits for the answers. */
    private static void ask(Target target, ByteBuffer frame) throws Exception {
        target.together(CONNECTIONS, number -> {
            try (Wire wire = target.connect()) {
                wire.send(frame);
                wire.reply();
            }
        });
    }
}
