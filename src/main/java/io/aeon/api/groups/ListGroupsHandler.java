package io.aeon.api.groups;

import io.aeon.api.AnswerSizes;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupListing;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ListGroups, filtered by state (KIP-518) and type (KIP-848). */
public final class ListGroupsHandler implements ApiHandler<ListGroupsRequestData> {
    private final GroupCoordinators groups;

    public ListGroupsHandler(GroupCoordinators groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_GROUPS;
    }

    @Override
    public long answerBytes(ListGroupsRequestData request, short version) {
        return AnswerSizes.ofCoordinators(groups.heapUsed(), 0);
    }

    @Override
    public CompletionStage<Reply> handle(ListGroupsRequestData request, RequestContext context) {
        return groups.list()
                .handle((listings, failure) -> Reply.of(
                        failure == null
                                ? response(listings, request)
                                : new ListGroupsResponseData()
                                        .setErrorCode(
                                                Errors.forException(failure).code())));
    }

    private static ListGroupsResponseData response(List<GroupListing> listings, ListGroupsRequestData request) {
        return new ListGroupsResponseData()
                .setGroups(listings.stream()
                        .filter(listing -> passes(request.statesFilter(), listing.state())
                                && passes(request.typesFilter(), listing.type().toString()))
                        .map(listing -> new ListedGroup()
                                .setGroupId(listing.groupId())
                                .setProtocolType(listing.protocolType())
                                .setGroupState(listing.state())
                                .setGroupType(listing.type().toString()))
                        .toList());
    }

    private static boolean passes(List<String> filter, String value) {
        String normal = value.toLowerCase(Locale.ROOT);
        return filter.isEmpty()
                || filter.stream()
                        .anyMatch(
                                wanted -> wanted.trim().toLowerCase(Locale.ROOT).equals(normal));
    }
}
