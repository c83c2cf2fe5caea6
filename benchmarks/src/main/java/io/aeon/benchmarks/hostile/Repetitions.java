package io.aeon.benchmarks.hostile;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Requests that become much larger than their bytes, when they are decoded, remembered or answered. */
final class Repetitions {
    private static final int BROKER_TIMES = 20_000;
    private static final int GROUP_TIMES = 1200;
    private static final int TAGGED_BYTES = 30 << 20;
    private static final int TAGS_OF_PARTITION = 1000;
    private static final int SESSIONS = 24;
    private static final int PARTITIONS = 100_000;

    private Repetitions() {}

    /** A produce request of 30 MiB, in which each partition has 1,000 unknown tagged fields without bytes. */
    static void nestedTags(Target target) throws Exception {
        target.ask(Frames.of(ApiKeys.PRODUCE, 9, tagged()));
    }

    private static ByteBuffer tagged() {
        int partitionBytes = 4 + 1 + 2 + 2 * TAGS_OF_PARTITION;
        int partitions = TAGGED_BYTES / partitionBytes;
        ByteBuffer body = ByteBuffer.allocate(TAGGED_BYTES + 100);
        body.put((byte) 0).putShort((short) 1).putInt(1000);
        ByteUtils.writeUnsignedVarint(1 + 1, body);
        ByteUtils.writeUnsignedVarint(1 + 1, body);
        body.put((byte) 't');
        ByteUtils.writeUnsignedVarint(partitions + 1, body);
        for (int i = 0; i < partitions; i++) {
            body.putInt(i).put((byte) 0);
            ByteUtils.writeUnsignedVarint(TAGS_OF_PARTITION, body);
            for (int tag = 0; tag < TAGS_OF_PARTITION; tag++) {
                body.put((byte) 100).put((byte) 0);
            }
        }
        return body.put((byte) 0).put((byte) 0).flip();
    }

    /** DescribeConfigs with one broker 20,000 times, 100 KB. */
    static void describeConfigs(Target target) throws Exception {
        var broker = new DescribeConfigsRequestData.DescribeConfigsResource()
                .setResourceType(ConfigResource.Type.BROKER.id())
                .setResourceName("1")
                .setConfigurationKeys(null);
        DescribeConfigsRequestData data =
                new DescribeConfigsRequestData().setResources(Collections.nCopies(BROKER_TIMES, broker));
        target.ask(Frames.of(ApiKeys.DESCRIBE_CONFIGS, 4, data));
    }

    /** 24 fetch sessions, each with 100,000 partitions that are not there. */
    static void fetchSessions(Target target) throws Exception {
        List<FetchPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(i -> new FetchPartition().setPartition(i).setPartitionMaxBytes(1))
                .toList();
        FetchRequestData data = new FetchRequestData()
                .setSessionEpoch(0)
                .setMaxWaitMs(0)
                .setTopics(List.of(new FetchTopic().setTopic("nowhere").setPartitions(partitions)));
        ByteBuffer frame = Frames.of(ApiKeys.FETCH, 8, data);
        for (int i = 0; i < SESSIONS; i++) {
            target.ask(frame);
        }
    }

    /** DescribeGroups with one group 1,200 times, 20 KB; its member has 100 KB of metadata. */
    static void describeGroups(Target target) throws Exception {
        Memberships.one(target);
        DescribeGroupsRequestData data =
                new DescribeGroupsRequestData().setGroups(Collections.nCopies(GROUP_TIMES, Memberships.GROUP));
        target.ask(Frames.of(ApiKeys.DESCRIBE_GROUPS, 0, data));
    }
}
