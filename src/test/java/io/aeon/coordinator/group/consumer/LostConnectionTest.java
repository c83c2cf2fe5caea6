package io.aeon.coordinator.group.consumer;

import static io.aeon.coordinator.group.consumer.OneTopic.instance;
import static io.aeon.coordinator.group.consumer.OneTopic.member;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.GroupCommand.Disconnected;
import org.junit.jupiter.api.Test;

/** A member of the consumer protocol whose connection has ended has less time than its session timeout. */
class LostConnectionTest {
    private final GroupDriver group = new GroupDriver(GroupDriver.SETTINGS, GroupDriver.CONSUMERS, OneTopic.create());

    private boolean isMember(SimulatedConsumer consumer) {
        return group.members().consumer().member(consumer.memberId) != null;
    }

    @Test
    void aMemberThatDoesNotComeBackIsRemovedBeforeItsSessionEnds() {
        SimulatedConsumer crashed = member("crashed");
        crashed.follow(group);

        group.step(new Disconnected(crashed.memberId));
        group.advance(MemberTimers.DISCONNECTED_MS - 1);
        assertThat(isMember(crashed)).isTrue();
        group.advance(1);

        assertThat(isMember(crashed)).isFalse();
    }

    @Test
    void aHeartbeatOverAnotherConnectionGivesTheWholeSessionBack() {
        SimulatedConsumer cut = member("cut");
        cut.follow(group);
        group.step(new Disconnected(cut.memberId));
        group.advance(MemberTimers.DISCONNECTED_MS - 1);

        cut.follow(group);
        group.advance(GroupDriver.CONSUMERS.session().ms() - 1);

        assertThat(isMember(cut)).isTrue();
    }

    @Test
    void anEarlierEndOfTheSessionIsKept() {
        SimulatedConsumer late = member("late");
        late.follow(group);
        group.advance(GroupDriver.CONSUMERS.session().ms() - 1);

        group.step(new Disconnected(late.memberId));
        group.advance(1);

        assertThat(isMember(late)).isFalse();
    }

    @Test
    void aStaticMemberKeepsItsSession() {
        SimulatedConsumer restarting = instance("restarting", "one");
        restarting.follow(group);

        group.step(new Disconnected(restarting.memberId));
        group.advance(GroupDriver.CONSUMERS.session().ms() - 1);

        assertThat(isMember(restarting)).isTrue();
    }

    @Test
    void whoHasLeftIsNotMissed() {
        group.step(new Disconnected("unknown"));

        assertThat(group.group().nextDeadline()).isEmpty();
    }
}
