package io.aeon.api.groups;

import io.aeon.api.AnswerEntries;
import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DeleteGroups: deletes groups without members, with their offsets. */
public final class DeleteGroupsHandler implements ApiHandler<DeleteGroupsRequestData> {
    private final GroupCoordinators groups;

    public DeleteGroupsHandler(GroupCoordinators groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_GROUPS;
    }

    @Override
    public CompletionStage<Reply> handle(DeleteGroupsRequestData request, RequestContext context) {
        List<CompletableFuture<DeletableGroupResult>> answers = request.groupsNames().stream()
                .distinct()
                .map(groupId -> groups.<Errors>ask(groupId, Delete::new)
                        .thenApply(error -> new AnswerEntries.DeletedGroup()
                                .setGroupId(groupId)
                                .setErrorCode(error.code())))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    DeletableGroupResultCollection results = new DeletableGroupResultCollection(answers.size());
                    answers.forEach(answer -> results.add(answer.join()));
                    return Reply.of(new DeleteGroupsResponseData().setResults(results));
                });
    }
}
