package io.aeon.metadata.channel;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;

/** A request whose message is given as a whole; it is sent in the latest version that its receiver knows. */
public final class MessageRequest extends AbstractRequest.Builder<AbstractRequest> {
    private final ApiMessage message;

    /** @param latest the latest version in which the message may be sent, for a response of that version */
    public MessageRequest(ApiKeys api, short latest, ApiMessage message) {
        super(api, api.oldestVersion(), latest);
        this.message = message;
    }

    public MessageRequest(ApiKeys api, ApiMessage message) {
        this(api, api.latestVersion(), message);
    }

    @Override
    public AbstractRequest build(short version) {
        return AbstractRequest.parseRequest(apiKey(), version, MessageUtil.toByteBufferAccessor(message, version))
                .request;
    }

    /** Without the message, which may have a secret: the network client logs this at level DEBUG. */
    @Override
    public String toString() {
        return apiKey().name;
    }
}
