package io.aeon.api.groups;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.OffsetFetchResult;
import io.aeon.metadata.Metadata;
import io.aeon.protocol.GroupExtension;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/**
 * OffsetFetch, for many groups since v8, by topic id since v10. A client that asks for stable offsets (KIP-447) must
 * retry for a partition whose offset an open transaction may change.
 */
public final class OffsetFetchHandler implements ApiHandler<OffsetFetchRequestData> {
    private static final short FIRST_VERSION_WITH_MANY_GROUPS = 8;

    /** Heap of the answer for a group with some offsets whose partitions the request does not name. */
    private static final long ALL_OFFSETS = 16 << 10;

    /** Not by their hashes, which a client may choose to be equal. */
    private static final Comparator<Wanted> BY_CONTENT = Comparator.comparing(
                    (Wanted wanted) -> wanted.group().groupId())
            .thenComparing(wanted -> wanted.group().memberId(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(wanted -> wanted.group().memberEpoch())
            .thenComparing(Wanted::topics);

    private final GroupCoordinators groups;
    private final Metadata metadata;
    private final InstantSource clock;

    /** A group of a request, and its topics as a text, which is built once and not for each comparison. */
    private record Wanted(OffsetFetchRequestGroup group, String topics) {}

    /** @param clock the wall clock, for the age of offsets */
    public OffsetFetchHandler(GroupCoordinators groups, Metadata metadata, InstantSource clock) {
        this.groups = groups;
        this.metadata = metadata;
        this.clock = clock;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public long answerBytes(OffsetFetchRequestData request, short version) {
        boolean many = version >= FIRST_VERSION_WITH_MANY_GROUPS;
        long all = many
                ? distinct(request.groups())
                        .filter(group -> group.topics() == null)
                        .count()
                : request.topics() == null ? 1 : 0;
        return all == 0 ? 0 : AnswerSizes.ofCoordinators(groups.heapUsed(), ALL_OFFSETS * all);
    }

    @Override
    public CompletionStage<Reply> handle(OffsetFetchRequestData request, RequestContext context) {
        boolean many = context.version() >= FIRST_VERSION_WITH_MANY_GROUPS;
        List<OffsetFetchRequestGroup> wanted = many ? request.groups() : List.of(group(request));
        List<CompletableFuture<OffsetFetchResponseGroup>> answers = distinct(wanted)
                .map(group -> fetch(group, context.version(), request))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    List<OffsetFetchResponseGroup> found =
                            answers.stream().map(CompletableFuture::join).toList();
                    return Reply.of(new OffsetFetchResponse.Builder(found)
                            .build(context.version())
                            .data());
                });
    }

    /**
     * Equal groups are answered once. All offsets of a group are fetched once, for the first of its members that the
     * request names.
     */
    private static Stream<OffsetFetchRequestGroup> distinct(List<OffsetFetchRequestGroup> wanted) {
        Set<Wanted> known = new TreeSet<>(BY_CONTENT);
        Set<String> whole = new HashSet<>();
        return wanted.stream()
                .map(group -> new Wanted(group, String.valueOf(group.topics())))
                .filter(known::add)
                .map(Wanted::group)
                .filter(group -> group.topics() != null || whole.add(group.groupId()));
    }

    private static OffsetFetchRequestGroup group(OffsetFetchRequestData request) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        return group.setTopics(
                request.topics() == null
                        ? null
                        : request.topics().stream()
                                .map(topic -> new OffsetFetchRequestTopics()
                                        .setName(topic.name())
                                        .setPartitionIndexes(topic.partitionIndexes()))
                                .toList());
    }

    private CompletableFuture<OffsetFetchResponseGroup> fetch(
            OffsetFetchRequestGroup group, short version, OffsetFetchRequestData request) {
        OffsetFetchAnswer answer = new OffsetFetchAnswer(
                group,
                metadata.image(),
                version,
                request.requireStable(),
                GroupExtension.isAsked(request.unknownTaggedFields()) ? clock : null);
        return groups.<OffsetFetchResult>ask(
                        group.groupId(),
                        reply -> new FetchOffsets(group.memberId(), group.memberEpoch(), answer.partitions(), reply))
                .thenApply(answer::complete);
    }
}
