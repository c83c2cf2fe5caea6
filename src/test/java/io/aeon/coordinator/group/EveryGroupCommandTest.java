package io.aeon.coordinator.group;

import static io.aeon.coordinator.group.GroupDriver.Joiner.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Commands;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.consumer.SimulatedConsumer;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In every state a group handles every command without an exception, and answers every request in the end. */
class EveryGroupCommandTest {
    /** More than the time for which a new member is kept without a heartbeat. */
    private static final long LONGEST_WAIT_MS = 500_000;

    private static final Map<GroupState, Consumer<GroupDriver>> WAYS = Map.of(
            GroupState.DEAD,
            group -> {},
            GroupState.EMPTY,
            group -> group.commit("", null, -1, "t", 1),
            GroupState.PREPARING_REBALANCE,
            group -> group.joinNew(member()),
            GroupState.COMPLETING_REBALANCE,
            Pair::joined,
            GroupState.STABLE,
            Pair::stable);

    @ParameterizedTest
    @EnumSource
    void isHandledInEveryState(GroupState state) {
        for (GroupCommand command : Commands.oneOfEach(GroupCommand.class)) {
            GroupDriver group = new GroupDriver();
            WAYS.get(state).accept(group);
            assertThat(group.state()).isEqualTo(state);

            isHandled(group, command);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void isHandledByAConsumerGroup(int members) {
        for (GroupCommand command : Commands.oneOfEach(GroupCommand.class)) {
            GroupDriver group = new GroupDriver();
            group.topicIs("t", GroupDriver.TOPIC_ID);
            SimulatedConsumer first = new SimulatedConsumer("x", null, Set.of("t"));
            first.follow(group);
            if (members == 0) {
                group.<ConsumerHeartbeatResult>tell(reply -> first.leave(-1, reply));
            } else if (members == 2) {
                new SimulatedConsumer("y", null, Set.of("t")).follow(group);
            }

            isHandled(group, command);
        }
    }

    private static void isHandled(GroupDriver group, GroupCommand command) {
        group.step(command);

        group.advance(LONGEST_WAIT_MS);
        if (command instanceof Request<?> request) {
            assertThat(request.reply()).as(command.toString()).isDone();
            assertThat(request.reply().join())
                    .as(command.toString())
                    .isNotEqualTo(request.refusal(Errors.UNKNOWN_SERVER_ERROR));
        }
    }
}
