package io.aeon.metadata.controller;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.controller.ResultOrError;
import org.jspecify.annotations.Nullable;

/** One DeleteTopics request at the controller, which finds what the names and ids mean (KIP-516). Used once. */
final class TopicDeletion {
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<Uuid> ids = new LinkedHashSet<>();
    /** The topics to delete, with their names. */
    private final Map<Uuid, String> chosen = new LinkedHashMap<>();

    private final List<DeletableTopicResult> refused = new ArrayList<>();

    TopicDeletion(List<DeleteTopicState> asked) {
        Set<String> repeatedNames = new LinkedHashSet<>();
        Set<Uuid> repeatedIds = new LinkedHashSet<>();
        for (DeleteTopicState topic : asked) {
            String name = topic.name();
            Uuid id = topic.topicId();
            boolean hasId = !id.equals(Uuid.ZERO_UUID);
            if (name == null && !hasId) {
                refuse(null, id, Errors.INVALID_REQUEST, "Neither topic name nor id were specified.");
            } else if (name != null && hasId) {
                refuse(name, id, Errors.INVALID_REQUEST, "You may not specify both topic name and topic id.");
            } else if (name == null && !ids.add(id)) {
                repeatedIds.add(id);
            } else if (name != null && !names.add(name)) {
                repeatedNames.add(name);
            }
        }
        names.removeAll(repeatedNames);
        ids.removeAll(repeatedIds);
        repeatedNames.forEach(name -> refuse(name, Uuid.ZERO_UUID, Errors.INVALID_REQUEST, "Duplicate topic name."));
        repeatedIds.forEach(id -> refuse(null, id, Errors.INVALID_REQUEST, "Duplicate topic id."));
    }

    private void refuse(@Nullable String name, Uuid id, Errors error, String message) {
        refused.add(DeletionResult.of(name, id, new ApiError(error, message)));
    }

    /** Fails as a whole if the controller cannot look the topics up in time; asks it nothing if no topic is left. */
    CompletableFuture<DeleteTopicsResponseData> carryOut(
            ControllerRequestContext context, QuorumController controller) {
        return controller
                .findTopicNames(context, ids)
                .thenAccept(found -> found.forEach(this::foundById))
                .thenCompose(known -> controller.findTopicIds(context, names))
                .thenAccept(found -> found.forEach(this::foundByName))
                .thenCompose(known -> controller.deleteTopics(context, chosen.keySet()))
                .thenApply(this::response);
    }

    private void foundById(Uuid id, ResultOrError<String> name) {
        if (name.isError()) {
            refused.add(DeletionResult.of(null, id, name.error()));
        } else {
            chosen.put(id, name.result());
        }
    }

    private void foundByName(String name, ResultOrError<Uuid> id) {
        if (id.isError()) {
            refused.add(DeletionResult.of(name, Uuid.ZERO_UUID, id.error()));
        } else if (chosen.containsKey(id.result())) {
            chosen.remove(id.result());
            refuse(
                    name,
                    id.result(),
                    Errors.INVALID_REQUEST,
                    "The provided topic name maps to an ID that was already supplied.");
        } else {
            chosen.put(id.result(), name);
        }
    }

    private DeleteTopicsResponseData response(Map<Uuid, ApiError> deleted) {
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        response.responses().addAll(refused);
        chosen.forEach((id, name) -> response.responses()
                .add(DeletionResult.of(name, id, deleted.getOrDefault(id, new ApiError(Errors.UNKNOWN_SERVER_ERROR)))));
        return response;
    }
}
