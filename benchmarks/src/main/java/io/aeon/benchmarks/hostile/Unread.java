package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Clients that ask for large answers and do not read them. */
final class Unread {
    private static final int TOPICS = 10;
    private static final int PARTITIONS = 1000;
    private static final int CREATE_MILLIS = 20_000;
    private static final int CREATE_VERSION = 4;
    private static final int METADATA_VERSION = 9;
    private static final int CONNECTIONS = 500;
    private static final int QUESTIONS = 8;
    private static final int PAUSE_MILLIS = 2000;

    private Unread() {}

    /** 500 connections ask eight times for all topics, which have 10,000 partitions. */
    static void metadata(Target target) throws Exception {
        for (int i = 0; i < TOPICS; i++) {
            createUnlessThere(target, "wide-" + i);
        }
        ByteBuffer question = Frames.of(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData().setTopics(null));
        ByteBuffer all = ByteBuffer.allocate(QUESTIONS * question.remaining());
        for (int i = 0; i < QUESTIONS; i++) {
            all.put(question.duplicate());
        }
        List<Wire> wires = target.hold(CONNECTIONS, all.flip());
        BrokerProcess.pause(PAUSE_MILLIS);
        Target.close(wires);
    }

    private static void createUnlessThere(Target target, String topic) throws IOException {
        CreateTopicsRequestData create = new CreateTopicsRequestData().setTimeoutMs(CREATE_MILLIS);
        create.topics()
                .add(new CreatableTopic()
                        .setName(topic)
                        .setNumPartitions(PARTITIONS)
                        .setReplicationFactor((short) 1));
        target.ask(Frames.of(ApiKeys.CREATE_TOPICS, CREATE_VERSION, create));
    }
}
