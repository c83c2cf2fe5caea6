package io.aeon.api.cluster;

import io.aeon.api.ApiHandler;
import io.aeon.api.Reply;
import io.aeon.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** CreateAcls (KIP-140) without an authorizer. */
public final class CreateAclsHandler implements ApiHandler<CreateAclsRequestData> {
    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_ACLS;
    }

    @Override
    public CompletionStage<Reply> handle(CreateAclsRequestData request, RequestContext context) {
        return CompletableFuture.completedFuture(Reply.of(new CreateAclsResponseData()
                .setResults(request.creations().stream()
                        .map(creation -> new AclCreationResult()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage("No Authorizer is configured."))
                        .toList())));
    }
}
