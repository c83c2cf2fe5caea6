package io.aeon.broker.partition.actor;

import io.aeon.replication.InSyncRules;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** For partitions that no other broker follows. */
public final class NoFollowers {
    public static final ReplicationSetup SETUP = beside(Set.of());

    private NoFollowers() {}

    /** @param live the other brokers that are in service */
    static ReplicationSetup beside(Set<Integer> live) {
        return new ReplicationSetup(
                new InSyncRules(
                        () -> 0, 0, broker -> live.contains(broker) ? OptionalLong.of(broker) : OptionalLong.empty()),
                change -> CompletableFuture.failedFuture(new AssertionError("unexpected " + change)));
    }
}
