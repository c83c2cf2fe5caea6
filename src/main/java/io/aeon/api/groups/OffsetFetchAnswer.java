package io.aeon.api.groups;

import io.aeon.api.ResolvedTopic;
import io.aeon.api.TopicResolver;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.coordinator.group.command.OffsetFetchResult.Fetched;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.metadata.ClusterImage;
import io.aeon.protocol.GroupExtension;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * One group's part of an OffsetFetch: the query to its coordinator and the response to the client. Used once, not
 * thread-safe.
 */
final class OffsetFetchAnswer {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final OffsetFetchRequestGroup request;
    private final TopicResolver resolver;
    private final short version;
    private final boolean requireStable;
    private final @Nullable InstantSource clock;
    private final List<OffsetFetchResponseTopics> topics = new ArrayList<>();
    private final List<TopicIdPartition> asked = new ArrayList<>();
    private final List<OffsetFetchResponsePartitions> open = new ArrayList<>();

    /** @param clock if the client wants to know the age of each offset */
    OffsetFetchAnswer(
            OffsetFetchRequestGroup request,
            ClusterImage image,
            short version,
            boolean requireStable,
            @Nullable InstantSource clock) {
        this.request = request;
        this.resolver = new TopicResolver(image);
        this.version = version;
        this.requireStable = requireStable;
        this.clock = clock;
        if (request.topics() != null) {
            request.topics().forEach(this::add);
        }
    }

    private boolean byId() {
        return version >= FIRST_VERSION_WITH_TOPIC_IDS;
    }

    private void add(OffsetFetchRequestTopics wanted) {
        ResolvedTopic known = byId() ? resolver.byId(wanted.topicId()) : resolver.byName(wanted.name());
        String name = byId() && known.exists() ? known.topic().name() : wanted.name();
        OffsetFetchResponseTopics topic =
                new OffsetFetchResponseTopics().setTopicId(wanted.topicId()).setName(name);
        topics.add(topic);
        for (int index : wanted.partitionIndexes()) {
            OffsetFetchResponsePartitions slot =
                    set(new OffsetFetchResponsePartitions().setPartitionIndex(index), null);
            topic.partitions().add(slot);
            if (byId() && !known.exists()) {
                slot.setErrorCode(known.error().code());
            } else {
                asked.add(new TopicIdPartition(
                        byId() ? wanted.topicId() : Uuid.ZERO_UUID, new TopicPartition(name, index)));
                open.add(slot);
            }
        }
    }

    /** The partitions to ask the coordinator for; null for all. */
    @Nullable
    List<TopicIdPartition> partitions() {
        return request.topics() == null ? null : asked;
    }

    OffsetFetchResponseGroup complete(OffsetFetchResult result) {
        if (result.error() != Errors.NONE) {
            return OffsetFetchResponse.groupError(request, result.error(), version);
        }
        if (request.topics() == null) {
            return response(all(result.offsets()));
        }
        for (int i = 0; i < open.size(); i++) {
            set(open.get(i), result.offsets().get(i));
        }
        return response(topics);
    }

    private OffsetFetchResponseGroup response(List<OffsetFetchResponseTopics> answered) {
        return new OffsetFetchResponseGroup().setGroupId(request.groupId()).setTopics(answered);
    }

    /** A response by topic id has no way to name a topic that no longer exists. */
    private List<OffsetFetchResponseTopics> all(List<Fetched> offsets) {
        Map<String, OffsetFetchResponseTopics> byName = new LinkedHashMap<>();
        for (Fetched fetched : offsets) {
            String name = fetched.partition().topic();
            ResolvedTopic known = resolver.byName(name);
            Uuid id = known.exists() ? known.topic().id() : Uuid.ZERO_UUID;
            if (!byId() || !id.equals(Uuid.ZERO_UUID)) {
                byName.computeIfAbsent(
                                name,
                                absent -> new OffsetFetchResponseTopics()
                                        .setName(name)
                                        .setTopicId(id))
                        .partitions()
                        .add(set(
                                new OffsetFetchResponsePartitions()
                                        .setPartitionIndex(fetched.partition().partition()),
                                fetched));
            }
        }
        return List.copyOf(byName.values());
    }

    private OffsetFetchResponsePartitions set(OffsetFetchResponsePartitions slot, @Nullable Fetched fetched) {
        boolean unstable = fetched != null && fetched.unstable() && requireStable;
        CommittedOffset offset = fetched == null || unstable ? null : fetched.offset();
        if (offset != null && clock != null) {
            slot.unknownTaggedFields().add(GroupExtension.of(Math.max(0, clock.millis() - offset.commitTimestamp())));
        }
        return slot.setErrorCode((unstable ? Errors.UNSTABLE_OFFSET_COMMIT : Errors.NONE).code())
                .setCommittedOffset(offset == null ? OffsetFetchResponse.INVALID_OFFSET : offset.offset())
                .setCommittedLeaderEpoch(offset == null ? -1 : offset.leaderEpoch())
                .setMetadata(offset == null ? "" : offset.metadata());
    }
}
