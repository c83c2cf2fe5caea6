package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import io.aeon.protocol.GroupExtension;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only a client that asks for the extension of group descriptions receives fields that Kafka does not define. */
class GroupExtensionIT {
    private static Aeon broker;
    private static Consumer<String, String> classic;
    private static Consumer<String, String> consumer;
    private static WireClient wire;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().start();
        Clients clients = new Clients(broker);
        clients.create("t", 1, Map.of());
        clients.send("t", List.of("a"), Map.of());
        classic = member(clients, "classic");
        consumer = member(clients, "consumer");
        wire = new WireClient("127.0.0.1", broker.port());
    }

    private static Consumer<String, String> member(Clients clients, String protocol) {
        Consumer<String, String> member = clients.consumer(Map.of("group.id", protocol, "group.protocol", protocol));
        member.subscribe(List.of("t"));
        Clients.poll(member, 1);
        member.commitSync();
        return member;
    }

    @AfterAll
    static void stop() {
        wire.close();
        classic.close();
        consumer.close();
        broker.close();
    }

    private static DescribeGroupsResponseData.DescribedGroup describe(int version, boolean asks) {
        DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(List.of("classic"));
        if (asks) {
            request.unknownTaggedFields().add(GroupExtension.asked());
        }
        return wire.call(ApiKeys.DESCRIBE_GROUPS, version, request, DescribeGroupsResponseData.class)
                .groups()
                .get(0);
    }

    private static ConsumerGroupDescribeResponseData.DescribedGroup describeConsumer(int version, boolean asks) {
        ConsumerGroupDescribeRequestData request =
                new ConsumerGroupDescribeRequestData().setGroupIds(List.of("consumer"));
        if (asks) {
            request.unknownTaggedFields().add(GroupExtension.asked());
        }
        return wire.call(ApiKeys.CONSUMER_GROUP_DESCRIBE, version, request, ConsumerGroupDescribeResponseData.class)
                .groups()
                .get(0);
    }

    private static OffsetFetchResponsePartitions fetch(int version, boolean asks) {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(
                        new OffsetFetchRequestGroup().setGroupId("classic").setTopics(null)));
        if (asks) {
            request.unknownTaggedFields().add(GroupExtension.asked());
        }
        return wire.call(ApiKeys.OFFSET_FETCH, version, request, OffsetFetchResponseData.class)
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aDescriptionHasNoUnknownFields(int version) {
        assertThat(describe(version, false).unknownTaggedFields()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void aDescriptionThatIsAskedForNamesTheAwaitedMembers(int version) {
        assertThat(GroupExtension.awaited(describe(version, true).unknownTaggedFields()))
                .contains(List.of());
        assertThat(describe(version, true).members()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void soDoesADescriptionOfAGroupOfTheConsumerProtocol(int version) {
        assertThat(describeConsumer(version, false).unknownTaggedFields()).isEmpty();
        assertThat(GroupExtension.awaited(describeConsumer(version, true).unknownTaggedFields()))
                .contains(List.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void anOffsetThatIsAskedForHasAnAge(int version) {
        assertThat(fetch(version, false).unknownTaggedFields()).isEmpty();
        assertThat(GroupExtension.commitAgeMs(fetch(version, true).unknownTaggedFields()))
                .isPresent();
    }

    @Test
    void whatTravelsIsReadAsItWasWritten() {
        GroupExtension.AwaitedMember member = new GroupExtension.AwaitedMember(
                "m-\u00fc", "client", "/::1", "REJOIN", "has not joined again", 12_345);

        assertThat(GroupExtension.awaited(List.of(GroupExtension.of(List.of(member, member)))))
                .contains(List.of(member, member));
        assertThat(GroupExtension.commitAgeMs(List.of(GroupExtension.of(77)))).hasValue(77);
    }
}
