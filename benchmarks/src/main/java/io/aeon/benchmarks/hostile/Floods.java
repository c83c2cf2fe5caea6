package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Connections that send as fast as they can. */
final class Floods {
    private static final int PIPELINING = 100;
    private static final int DEAF = 300;
    private static final int IN_FLIGHT = 100;

    private Floods() {}

    /** 100 connections have 100 requests under way each; 300 send without end and read nothing. */
    static void pipelines(Target target) throws Exception {
        ByteBuffer frame = Frames.of(ApiKeys.METADATA, 4, new MetadataRequestData().setTopics(List.of()));
        target.together(PIPELINING + DEAF, number -> {
            try (Wire wire = target.connect()) {
                for (int i = 0; i < IN_FLIGHT; i++) {
                    wire.send(frame);
                }
                while (true) {
                    if (number < PIPELINING) {
                        wire.reply();
                    }
                    wire.send(frame);
                }
            }
        });
    }
}
