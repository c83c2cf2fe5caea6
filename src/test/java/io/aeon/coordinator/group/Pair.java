package io.aeon.coordinator.group;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static io.aeon.coordinator.group.GroupDriver.bytes;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.command.JoinResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A stable group of two members, with the answers to their joins. */
public record Pair(JoinResult leader, JoinResult follower) {
    public static Pair joined(GroupDriver group) {
        CompletableFuture<JoinResult> leader = group.joinNew(member());
        CompletableFuture<JoinResult> follower = group.joinNew(member());
        group.advance(6000);
        return new Pair(leader.join(), follower.join());
    }

    public static Pair stable(GroupDriver group) {
        Pair pair = joined(group);
        group.asyncSync(pair.leader(), pair.assignments());
        group.asyncSync(pair.follower(), Map.of());
        return pair;
    }

    public Map<String, Bytes> assignments() {
        return Map.of(leader.memberId(), bytes("for the leader"), follower.memberId(), bytes("for the follower"));
    }
}
