package io.aeon.conformance;

import io.aeon.e2e.WireClient;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** One of the two brokers while a script plays on it. */
final class Stage implements AutoCloseable {
    static final int PATIENCE_MS = 5_000;

    private final int port;
    private final CommonVersions versions;
    private final Transcript transcript = new Transcript();
    private final List<Line> lines = new ArrayList<>();

    Stage(int port, CommonVersions versions) {
        this.port = port;
        this.versions = versions;
    }

    /** Returns a new connection. */
    Line line() {
        Line line = new Line(port, versions, transcript);
        lines.add(line);
        return line;
    }

    /** The version of that level, or the nearest one that both brokers have. */
    int version(ApiKeys api, int level) {
        return versions.nearest(api, level);
    }

    /** What follows has nothing to do with the ids that were seen so far. */
    void forgetIds() {
        transcript.forgetIds();
    }

    Transcript transcript() {
        return transcript;
    }

    /** Creates a topic without a record of it in the transcript, and waits until it can be used. */
    Uuid create(String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        try (WireClient client = new WireClient("127.0.0.1", port, PATIENCE_MS)) {
            Uuid id = client.call(ApiKeys.CREATE_TOPICS, 7, request, CreateTopicsResponseData.class)
                    .topics()
                    .find(name)
                    .topicId();
            new MetadataBarrier(client).pass();
            return id;
        }
    }

    /** Waits until the broker has applied all changes of metadata that it has acknowledged. */
    void settle() {
        try (WireClient client = new WireClient("127.0.0.1", port, PATIENCE_MS)) {
            new MetadataBarrier(client).pass();
        }
    }

    @Override
    public void close() {
        lines.forEach(Line::close);
    }
}
