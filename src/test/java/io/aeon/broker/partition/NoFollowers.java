package io.aeon.broker.partition;

import io.aeon.replication.InSyncRules;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** For partitions that no other broker follows. */
public final class NoFollowers {
    public static final ReplicationSetup SETUP = new ReplicationSetup(
            new InSyncRules(() -> 0, 0, broker -> OptionalLong.empty()),
            change -> CompletableFuture.failedFuture(new AssertionError("unexpected " + change)));

    private NoFollowers() {}
}
