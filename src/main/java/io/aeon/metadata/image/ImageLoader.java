package io.aeon.metadata.image;

import io.aeon.metadata.raft.EngineFaults;
import io.aeon.metadata.raft.RaftNode;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.image.loader.MetadataLoader;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.image.publisher.SnapshotEmitter;
import org.apache.kafka.image.publisher.SnapshotGenerator;

/** Replays the metadata log for publishers, and writes its snapshots. */
public final class ImageLoader implements AutoCloseable {
    private final MetadataLoader loader;

    /** Begins to replay the log for {@code first}. */
    public ImageLoader(
            int nodeId, String threadPrefix, Time time, RaftNode raft, EngineFaults faults, MetadataPublisher first)
            throws ExecutionException, InterruptedException {
        this.loader = new MetadataLoader.Builder()
                .setNodeId(nodeId)
                .setThreadNamePrefix(threadPrefix)
                .setFaultHandler(faults.fatal())
                .setTime(time)
                .setHighWaterMarkAccessor(raft::highWatermark)
                .build();
        SnapshotEmitter emitter = new SnapshotEmitter.Builder()
                .setNodeId(nodeId)
                .setTime(time)
                .setRaftClient(raft.client())
                .build();
        SnapshotGenerator generator = new SnapshotGenerator.Builder(emitter)
                .setTime(time)
                .setNodeId(nodeId)
                .setThreadNamePrefix(threadPrefix)
                .setFaultHandler(faults.survivable())
                .setMaxBytesSinceLastSnapshot(RaftNode.SNAPSHOT_BYTES)
                .setMaxTimeSinceLastSnapshotNs(TimeUnit.MILLISECONDS.toNanos(RaftNode.SNAPSHOT_INTERVAL_MS))
                .build();
        loader.installPublishers(List.of(first, generator)).get();
        raft.client().register(loader);
    }

    /** Adds a publisher, which is closed with this loader. */
    public void add(MetadataPublisher publisher) {
        var unused = loader.installPublishers(List.of(publisher));
    }

    @Override
    public void close() {
        Utils.closeQuietly(loader, "metadata loader");
    }
}
