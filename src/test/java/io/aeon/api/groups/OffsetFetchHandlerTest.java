package io.aeon.api.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.aeon.CollidingNames;
import io.aeon.PatientWaits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.group.GroupCoordinators;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.junit.jupiter.api.Test;

class OffsetFetchHandlerTest {
    private final OffsetFetchHandler handler = new OffsetFetchHandler(
            new GroupCoordinators((partition, command) -> {}, command -> {}, task -> () -> {}),
            new FakeMetadata().metadata(),
            InstantSource.system());

    @Test
    void groupsWithEqualHashesAreToldApartAtOnce() {
        List<OffsetFetchRequestGroup> groups = CollidingNames.many().stream()
                .map(name -> new OffsetFetchRequestGroup().setGroupId(name).setTopics(null))
                .toList();
        OffsetFetchRequestData request = new OffsetFetchRequestData().setGroups(groups);

        long bytes = assertTimeout(PatientWaits.LIMIT, () -> handler.answerBytes(request, handler.latestVersion()));

        assertThat(bytes).isEqualTo((16L << 10) * groups.size());
    }

    @Test
    void aGroupThatIsNamedTwiceIsCountedOnce() {
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId("g").setTopics(null);
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(group, group.duplicate(), group.duplicate().setMemberId("m")));

        assertThat(handler.answerBytes(request, handler.latestVersion()))
                .isEqualTo(handler.answerBytes(
                        new OffsetFetchRequestData().setGroups(List.of(group)), handler.latestVersion()));
    }

    @Test
    void groupsThatDifferInTheirTopicsOnlyAreToldApartAtOnce() {
        List<OffsetFetchRequestGroup> groups = new ArrayList<>();
        groups.add(named(IntStream.range(0, 100)
                .mapToObj(i -> "m" + i + "-".repeat(30_000))
                .toList()));
        for (int i = 0; i < 300_000; i++) {
            groups.add(named(List.of((i % 2 == 0 ? "a" : "z") + i)));
        }
        OffsetFetchRequestData request = new OffsetFetchRequestData().setGroups(groups);

        assertThat(assertTimeoutPreemptively(
                        PatientWaits.LIMIT, () -> handler.answerBytes(request, handler.latestVersion())))
                .isZero();
    }

    private static OffsetFetchRequestGroup named(List<String> topics) {
        return new OffsetFetchRequestGroup()
                .setGroupId("g")
                .setTopics(topics.stream()
                        .map(name -> new OffsetFetchRequestTopics().setName(name))
                        .toList());
    }
}
