package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DeleteAcls (KIP-140) without an authorizer. */
public final class DeleteAclsHandler implements ApiHandler<DeleteAclsRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_ACLS;
    }

    @Override
    public CompletionStage<Reply> handle(DeleteAclsRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(new DeleteAclsResponseData()
                .setFilterResults(request.filters().stream()
                        .map(filter -> new DeleteAclsFilterResult()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage("No Authorizer is configured."))
                        .toList())));
    }
}
