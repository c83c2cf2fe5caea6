package io.aeon.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.diagnosis.GroupLook.ObservedMember;
import io.aeon.protocol.GroupExtension.AwaitedMember;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupReportTest {
    private static final TopicPartition ONE = new TopicPartition("t", 0);
    private static final TopicPartition TWO = new TopicPartition("t", 1);

    private static ObservedMember member(Set<TopicPartition> owned, Set<TopicPartition> target) {
        return new ObservedMember(
                "m", Optional.empty(), "client", "/10.0.0.1", OptionalInt.of(3), owned, Optional.of(target));
    }

    private static GroupLook look(
            ObservedMember member, Optional<List<AwaitedMember>> awaited, Map<TopicPartition, Progress> partitions) {
        return new GroupLook(
                "g", "Consumer", "Stable", OptionalInt.of(3), OptionalInt.of(3), List.of(member), awaited, partitions);
    }

    private static Progress progress(long committed, long ageMs, long end) {
        return new Progress(OptionalLong.of(committed), OptionalLong.of(ageMs), OptionalLong.of(end));
    }

    private static GroupReport report(Progress before, Progress now) {
        ObservedMember member = member(Set.of(ONE), Set.of(ONE));
        return new GroupReport(
                look(member, Optional.of(List.of()), Map.of(ONE, before)),
                look(member, Optional.of(List.of()), Map.of(ONE, now)),
                2000);
    }

    @Test
    void lagGrowsByRecordsASecond() {
        GroupReport growing = report(progress(10, 500, 100), progress(20, 500, 310));

        assertThat(growing.lag()).isEqualTo(290);
        assertThat(growing.lagGrowth()).isEqualTo(100);
        assertThat(growing.stalls()).isEmpty();
    }

    @Test
    void aMemberThatCommitsNothingWhileRecordsWaitIsSlow() {
        GroupReport slow = report(progress(10, 29_000, 100), progress(10, 31_000, 110));

        assertThat(slow.stalls()).singleElement().satisfies(stall -> {
            assertThat(stall.kind()).isEqualTo("slow");
            assertThat(stall.memberId()).isEqualTo("m");
            assertThat(stall.host()).isEqualTo("/10.0.0.1");
            assertThat(stall.forMs()).hasValue(31_000);
            assertThat(stall.partitions()).containsExactly(ONE);
            assertThat(stall.detail()).contains("100 records");
        });
    }

    @Test
    void aMemberThatHasReadEverythingOrHasJustCommittedIsNotSlow() {
        assertThat(report(progress(100, 99_000, 100), progress(100, 101_000, 100))
                        .stalls())
                .isEmpty();
        assertThat(report(progress(10, 7_000, 100), progress(10, 9_000, 100)).stalls())
                .isEmpty();
        assertThat(report(progress(10, 29_000, 100), progress(11, 20_000, 100)).stalls())
                .isEmpty();
    }

    @Test
    void aPartitionThatDoesNotAnswerIsOffline() {
        Progress dead = new Progress(OptionalLong.of(10), OptionalLong.of(4000), OptionalLong.empty());

        assertThat(report(progress(10, 2000, 100), dead).stalls())
                .singleElement()
                .satisfies(stall -> {
                    assertThat(stall.kind()).isEqualTo("offline");
                    assertThat(stall.memberId()).isEqualTo("m");
                    assertThat(stall.partitions()).containsExactly(ONE);
                });
    }

    @Test
    void theBrokerTellsForWhomTheGroupWaits() {
        ObservedMember holding = member(Set.of(ONE, TWO), Set.of(ONE));
        AwaitedMember awaited =
                new AwaitedMember("m", "client", "/10.0.0.1", "REVOCATION", "has not revoked its partitions", 7000);
        GroupLook look = look(holding, Optional.of(List.of(awaited)), Map.of());

        assertThat(new GroupReport(look, look, 1000).stalls())
                .containsExactly(new Stall(
                        "revocation",
                        "m",
                        "client",
                        "/10.0.0.1",
                        "has not revoked its partitions",
                        "",
                        OptionalLong.of(7000),
                        List.of(TWO)));
    }

    @Test
    void withoutTheBrokersWordAMemberThatOwnsTooMuchAtBothLooksIsNamed() {
        GroupLook holding = look(member(Set.of(ONE, TWO), Set.of(ONE)), Optional.empty(), Map.of());
        GroupLook reconciled = look(member(Set.of(ONE), Set.of(ONE)), Optional.empty(), Map.of());

        assertThat(new GroupReport(holding, holding, 1000).stalls())
                .singleElement()
                .satisfies(stall -> {
                    assertThat(stall.kind()).isEqualTo("revocation");
                    assertThat(stall.forMs()).isEmpty();
                    assertThat(stall.partitions()).containsExactly(TWO);
                });
        assertThat(new GroupReport(reconciled, holding, 1000).stalls()).isEmpty();
    }
}
