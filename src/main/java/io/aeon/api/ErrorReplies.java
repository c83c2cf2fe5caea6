package io.aeon.api;

import java.util.Optional;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;

/** The error response of an API for a request whose handler has failed, as Kafka makes it. */
public final class ErrorReplies {
    private ErrorReplies() {}

    /**
     * @param request the body as the client sent it
     * @return empty for a request without a reply (Produce with acks=0): the end of the connection signals the error
     */
    public static Optional<Reply> of(ApiKeys api, short version, ApiMessage request, ApiException error) {
        if (request instanceof ProduceRequestData produce && produce.acks() == 0) {
            return Optional.empty();
        }
        short code = Errors.forException(error).code();
        return Optional.of(Reply.of(
                EntryErrors.of(request, version, code).orElseGet(() -> ofKafka(api, version, request, error))));
    }

    private static ApiMessage ofKafka(ApiKeys api, short version, ApiMessage request, ApiException error) {
        ByteBufferAccessor body = MessageUtil.toByteBufferAccessor(request, version);
        AbstractRequest parsed = AbstractRequest.parseRequest(api, version, body).request;
        return parsed.getErrorResponse(error).data();
    }
}
