package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/** Fetches with the longest wait that the protocol has: 24.8 days. */
final class Waits {
    private static final int WAITING = 3000;
    private static final int PAUSE_MILLIS = 2000;
    private static final int LONG_MILLIS = 600_000;
    private static final int LARGE = 16;
    private static final int LARGE_BYTES = 553_000;
    private static final int SMALL = 700;
    private static final int SMALL_BYTES = 4000;
    private static final int UNKNOWN_TAG = 1000;

    private Waits() {}

    /** 3,000 connections fetch what never comes, and their clients go at once. */
    static void gone(Target target) throws Exception {
        Target.close(target.hold(WAITING, endless(Target.TOPIC, 1, 0)));
        BrokerProcess.pause(PAUSE_MILLIS);
    }

    /** 3,000 connections wait for more bytes than ever come, of the partition to which the good client writes. */
    static void forMore(Target target) throws Exception {
        var wires = target.hold(WAITING, endless(Target.WRITTEN_TOPIC, Integer.MAX_VALUE, 0));
        BrokerProcess.pause(LONG_MILLIS);
        Target.close(wires);
    }

    /** Fetches padded to 553 KB and to 4 KB, 11 MB in all, whose clients go at once. */
    static void padded(Target target) throws Exception {
        Target.close(target.hold(LARGE, endless(Target.TOPIC, 1, LARGE_BYTES)));
        Target.close(target.hold(SMALL, endless(Target.TOPIC, 1, SMALL_BYTES)));
        BrokerProcess.pause(PAUSE_MILLIS);
    }

    /** @param padding bytes of an unknown tagged field */
    private static ByteBuffer endless(String topic, int minBytes, int padding) {
        FetchRequestData data = new FetchRequestData()
                .setMaxWaitMs(Integer.MAX_VALUE)
                .setMinBytes(minBytes)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchPartition().setPartitionMaxBytes(Integer.MAX_VALUE)))));
        if (padding > 0) {
            data.unknownTaggedFields().add(new RawTaggedField(UNKNOWN_TAG, new byte[padding]));
        }
        return Frames.of(ApiKeys.FETCH, 12, data);
    }
}
