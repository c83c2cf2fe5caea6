package io.aeon.broker.partition.actor;

import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.IsrRequests;
import io.aeon.metadata.Metadata;
import io.aeon.replication.InSyncRules;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What the leader of a partition needs for its followers.
 *
 * @param inSync what makes a follower in sync
 * @param isr asks the controller for another ISR; see {@link IsrRequests#ask}
 */
public record ReplicationSetup(
        InSyncRules inSync, Function<IsrRequests.Change, CompletableFuture<IsrRequests.Result>> isr) {
    /**
     * @param maxLag time for which a follower stays in the ISR without being caught up
     * @param afterPause runs a task some time later
     */
    public static ReplicationSetup of(Metadata metadata, Duration maxLag, Executor afterPause) {
        IsrRequests requests = new IsrRequests(
                metadata.nodeId(),
                metadata::brokerEpoch,
                request -> metadata.controller().alterPartition(request),
                afterPause);
        InSyncRules rules =
                new InSyncRules(ReplicationSetup::milliseconds, maxLag.toMillis(), id -> epochInService(metadata, id));
        return new ReplicationSetup(rules, requests::ask);
    }

    private static long milliseconds() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private static OptionalLong epochInService(Metadata metadata, int id) {
        Optional<Broker> found = metadata.image().broker(id);
        return found.isPresent() && !found.get().fenced() && !found.get().inControlledShutdown()
                ? OptionalLong.of(found.get().epoch())
                : OptionalLong.empty();
    }
}
