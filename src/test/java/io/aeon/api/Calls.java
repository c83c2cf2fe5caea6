package io.aeon.api;

import io.aeon.PatientWaits;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Calls handlers as a client does: the request and the response are encoded in the wire format of the version. */
public final class Calls {
    public static final InetSocketAddress ADVERTISED = InetSocketAddress.createUnresolved("broker.test", 9092);

    private Calls() {}

    /** The handler's reply to {@code request} in its latest version. */
    public static <Q extends ApiMessage, R extends ApiMessage> R call(ApiHandler<Q> handler, Q request, Class<R> type)
            throws Exception {
        return call(handler, handler.latestVersion(), request, type);
    }

    public static <Q extends ApiMessage, R extends ApiMessage> R call(
            ApiHandler<Q> handler, int version, Q request, Class<R> type) throws Exception {
        short v = (short) version;
        ApiMessageType api = ApiMessageType.fromApiKey(handler.key().id);
        @SuppressWarnings("unchecked")
        Q received = (Q) copy(request, api.newRequest(), v);
        RequestContext context =
                new RequestContext(v, 1, "test", new ClientConnection("client", ADVERTISED, new InetSocketAddress(0)));
        Reply reply = handler.handle(received, context)
                .toCompletableFuture()
                .get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        return type.cast(copy(((Reply.Message) reply).body(), api.newResponse(), v));
    }

    private static ApiMessage copy(ApiMessage from, ApiMessage to, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(from.size(cache, version));
        from.write(new ByteBufferAccessor(bytes), cache, version);
        bytes.flip();
        to.read(new ByteBufferAccessor(bytes), version);
        return to;
    }
}
