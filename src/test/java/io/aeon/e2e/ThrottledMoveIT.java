package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeReplicaLogDirsResult.ReplicaLogDirInfo;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition moves to another data directory of its broker, no faster than the throttle allows. */
class ThrottledMoveIT {
    private static final int RECORDS = 60;
    private static final TopicPartitionReplica REPLICA = new TopicPartitionReplica("orders", 0, 1);

    @TempDir
    private Path dir;

    @Test
    void aThrottledMoveWaitsWhileThePartitionServesAndGoesOnWithoutTheThrottle() {
        Path target = dir.resolve("second");
        try (Aeon broker = start(target);
                Admin admin = new Clients(broker).admin()) {
            Clients clients = new Clients(broker);
            clients.create("orders", 1, Map.of());
            List<String> values = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                values.add("x".repeat(100_000) + i);
            }
            clients.send("orders", values, Map.of("batch.size", 0));
            throttle(admin, OpType.SET);

            done(admin.alterReplicaLogDirs(Map.of(REPLICA, target.toString())).all());
            await().atMost(Clients.PATIENCE).until(() -> hasCopiedSome(info(admin)));
            values.add("while it waits");
            clients.send("orders", List.of("while it waits"), Map.of());
            assertThat(Clients.values(clients.read("orders", 0, values.size()))).isEqualTo(values);
            assertThat(info(admin).getFutureReplicaLogDir()).isEqualTo(target.toString());
            assertThat(info(admin).getFutureReplicaOffsetLag()).isPositive();

            throttle(admin, OpType.DELETE);
            await().atMost(Clients.PATIENCE)
                    .until(() -> target.toString().equals(info(admin).getCurrentReplicaLogDir()));
            assertThat(Clients.values(clients.read("orders", 0, values.size()))).isEqualTo(values);
        }
    }

    /** What is copied once counts for an hour, so that the throttle holds during the test. */
    private Aeon start(Path target) {
        return Aeon.builder()
                .dataDirectory(dir.resolve("first"))
                .set("aeon.further-data-dirs", target.toString())
                .set("aeon.kafka.alter.log.dirs.replication.quota.window.size.seconds", 3600)
                .start();
    }

    /** One byte a second, or no limit any more. */
    private static void throttle(Admin admin, OpType operation) {
        ConfigEntry rate = new ConfigEntry("replica.alter.log.dirs.io.max.bytes.per.second", "1");
        done(admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(Type.BROKER, "1"), List.of(new AlterConfigOp(rate, operation))))
                .all());
    }

    private static boolean hasCopiedSome(ReplicaLogDirInfo info) {
        return info.getFutureReplicaLogDir() != null && info.getFutureReplicaOffsetLag() < RECORDS;
    }

    private static ReplicaLogDirInfo info(Admin admin) {
        return done(admin.describeReplicaLogDirs(List.of(REPLICA)).all()).get(REPLICA);
    }
}
