package io.aeon.api.faults;

import io.aeon.api.ApiHandler;
import io.aeon.api.ErrorReplies;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchResponse;

/** The answer to a request, or to selected parts of it, that is to fail. */
final class ErrorAnswer<Q extends ApiMessage> {
    /** Errors that a Fetch has as a whole; a consumer looks for all others in the partitions. */
    private static final Set<Errors> OF_FETCH_SESSIONS = Set.of(
            Errors.FETCH_SESSION_ID_NOT_FOUND, Errors.INVALID_FETCH_SESSION_EPOCH, Errors.FETCH_SESSION_TOPIC_ID_ERROR);

    private final ApiHandler<Q> handler;
    private final Q request;
    private final RequestContext context;
    private final MessageParts parts;

    ErrorAnswer(ApiHandler<Q> handler, Q request, RequestContext context, MessageParts parts) {
        this.handler = handler;
        this.request = request;
        this.context = context;
        this.parts = parts;
    }

    /** The selected parts fail and have no effect; the handler answers the others. */
    CompletionStage<Reply> instead(Errors error, Selection selection) {
        if (request instanceof FetchRequestData fetch) {
            return insteadOfRecords(fetch, error, selection);
        }
        Optional<ApiMessage> whole = whole(error);
        if (whole.isEmpty()) {
            return CompletableFuture.failedFuture(error.exception());
        }
        ApiMessage failed = whole.get();
        if (!selection.isOfParts() || !parts.areIn(request) || !parts.areIn(failed)) {
            return CompletableFuture.completedFuture(Reply.of(failed));
        }
        parts.retain(failed, selection::hasPart);
        return parts.retain(request, (topic, partition) -> !selection.hasPart(topic, partition))
                ? handler.handle(request, context).thenApply(reply -> joined(reply, failed))
                : CompletableFuture.completedFuture(Reply.of(failed));
    }

    /** The same, although all parts have had their effect. */
    CompletionStage<Reply> inPlaceOf(Reply reply, Errors error, Selection selection) {
        Optional<ApiMessage> whole = whole(error);
        if (whole.isEmpty() || !(reply instanceof Reply.Message message)) {
            return CompletableFuture.failedFuture(error.exception());
        }
        ApiMessage failed = whole.get();
        if (!selection.isOfParts() || !parts.areIn(message.body()) || !parts.areIn(failed)) {
            return CompletableFuture.completedFuture(Reply.of(failed));
        }
        parts.retain(failed, selection::hasPart);
        ApiMessage others = (ApiMessage) message.body().duplicate();
        parts.retain(others, (topic, partition) -> !selection.hasPart(topic, partition));
        return CompletableFuture.completedFuture(joined(Reply.of(others), failed));
    }

    /** Empty if the request has no answer. */
    private Optional<ApiMessage> whole(Errors error) {
        return ErrorReplies.of(handler.key(), context.version(), request, error.exception())
                .map(reply -> (ApiMessage) ((Reply.Message) reply).body().duplicate());
    }

    private Reply joined(Reply reply, ApiMessage failed) {
        if (!(reply instanceof Reply.Message message)) {
            return reply;
        }
        ApiMessage all = (ApiMessage) message.body().duplicate();
        parts.add(failed, all);
        return Reply.of(all);
    }

    /** The others are read at once and without a session, of which the failed ones would not be a part. */
    private CompletionStage<Reply> insteadOfRecords(FetchRequestData fetch, Errors error, Selection selection) {
        if (OF_FETCH_SESSIONS.contains(error)) {
            return CompletableFuture.completedFuture(Reply.of(new FetchResponseData().setErrorCode(error.code())));
        }
        List<FetchableTopicResponse> failed = new ArrayList<>();
        for (FetchTopic topic : fetch.topics()) {
            String name = parts.topic(topic).orElse("");
            List<PartitionData> partitions = topic.partitions().stream()
                    .map(FetchPartition::partition)
                    .filter(partition -> selection.hasPart(name, partition))
                    .map(partition -> FetchResponse.partitionResponse(partition, error))
                    .toList();
            if (!partitions.isEmpty()) {
                failed.add(new FetchableTopicResponse()
                        .setTopic(topic.topic())
                        .setTopicId(topic.topicId())
                        .setPartitions(partitions));
            }
        }
        if (!parts.retain(fetch, (topic, partition) -> !selection.hasPart(topic, partition))) {
            return CompletableFuture.completedFuture(Reply.of(new FetchResponseData().setResponses(failed)));
        }
        fetch.setSessionId(FetchMetadata.INVALID_SESSION_ID)
                .setSessionEpoch(FetchMetadata.FINAL_EPOCH)
                .setMaxWaitMs(0);
        return handler.handle(request, context).thenApply(reply -> joined(reply, failed));
    }

    private static Reply joined(Reply reply, List<FetchableTopicResponse> failed) {
        ApiMessage body = reply instanceof Reply.WithSlices sliced ? sliced.body() : ((Reply.Message) reply).body();
        FetchResponseData response = (FetchResponseData) body;
        List<FetchableTopicResponse> all = new ArrayList<>(response.responses());
        all.addAll(failed);
        response.setResponses(all);
        return reply;
    }
}
