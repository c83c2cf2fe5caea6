package io.aeon.broker.partition;

import io.aeon.replication.InSyncRules;
import java.util.OptionalLong;

/** For partitions that no other broker follows. */
final class NoFollowers {
    static final InSyncRules RULES = new InSyncRules(() -> 0, 0, broker -> OptionalLong.empty());

    private NoFollowers() {}
}
