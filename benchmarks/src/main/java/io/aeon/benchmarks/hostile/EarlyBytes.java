package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Requests that arrive before their turn. */
final class EarlyBytes {
    private static final int LARGE = 10 << 20;
    private static final int SECOND = 1000;
    private static final int AHEAD_COUNT = 2000;
    private static final int AHEAD_BYTES = 400 << 10;
    private static final int FETCH_VERSION = 11;

    private EarlyBytes() {}

    /** 2,000 connections send 400 KiB behind a fetch that waits for weeks. */
    static void behindAWait(Target target) throws Exception {
        FetchRequestData fetch = new FetchRequestData()
                .setMaxWaitMs(Integer.MAX_VALUE)
                .setMinBytes(1 << 20)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(-1);
        fetch.topics()
                .add(new FetchRequestData.FetchTopic()
                        .setTopic(Target.TOPIC)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition().setPartitionMaxBytes(1 << 20))));
        ByteBuffer waiting = Frames.of(ApiKeys.FETCH, FETCH_VERSION, fetch);
        ByteBuffer more = ByteBuffer.allocate(AHEAD_BYTES)
                .putInt(LARGE)
                .putShort(ApiKeys.PRODUCE.id)
                .position(AHEAD_BYTES)
                .flip();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < AHEAD_COUNT; i++) {
            Wire wire = target.connect();
            wires.add(wire);
            sendBoth(wire, waiting, more);
        }
        BrokerProcess.pause(SECOND);
        Target.close(wires);
    }

    private static void sendBoth(Wire wire, ByteBuffer first, ByteBuffer second) {
        try {
            wire.send(first);
            wire.send(second);
        } catch (IOException endedByTheBroker) {
            // its right, and the attack goes on with the next connection
        }
    }
}
