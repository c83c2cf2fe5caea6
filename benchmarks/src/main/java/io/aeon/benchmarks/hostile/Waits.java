package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Fetches with the longest wait that the protocol has: 24.8 days. */
final class Waits {
    private static final short VERSION = 12;
    private static final int WAITING = 3000;
    private static final int PAUSE_MILLIS = 2000;

    private Waits() {}

    /** 3,000 connections fetch what never comes, and their clients go at once. */
    static void gone(Target target) throws Exception {
        Target.close(target.hold(WAITING, endless(1)));
        BrokerProcess.pause(PAUSE_MILLIS);
    }

    /** A fetch at the start of the attacked topic, which is empty. */
    private static ByteBuffer endless(int minBytes) {
        var wanted = new FetchRequest.PartitionData(Uuid.ZERO_UUID, 0, -1, 1 << 20, Optional.empty());
        FetchRequest request = FetchRequest.Builder.forConsumer(
                        VERSION, Integer.MAX_VALUE, minBytes, Map.of(new TopicPartition(Target.TOPIC, 0), wanted))
                .build(VERSION);
        return Wire.frame(request, new RequestHeader(ApiKeys.FETCH, VERSION, "hostile", 1));
    }
}
