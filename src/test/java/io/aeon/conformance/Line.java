package io.aeon.conformance;

import io.aeon.e2e.WireClient;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One connection to a broker under comparison. A broker that closes it or does not answer is recorded with that, the
 * script goes on with an empty response, and the next request opens a new connection.
 */
final class Line implements AutoCloseable {
    private final int port;
    private final CommonVersions versions;
    private final Transcript transcript;
    private WireClient wire;

    Line(int port, CommonVersions versions, Transcript transcript) {
        this.port = port;
        this.versions = versions;
        this.transcript = transcript;
    }

    /** Sends a request in the version of that level, or the nearest one, and records the answer. */
    <T extends ApiMessage> T ask(String what, int level, ApiMessage request, Class<T> type) {
        return ask(what, level, request, type, answer -> {});
    }

    /** @param reduce removes from the answer what other scripts have made */
    <T extends ApiMessage> T ask(String what, int level, ApiMessage request, Class<T> type, Consumer<T> reduce) {
        send(level, request);
        return receive(what, level, request, type, reduce);
    }

    /** Asks without a record in the transcript. */
    <T extends ApiMessage> T quietly(int level, ApiMessage request, Class<T> type) {
        send(level, request);
        ApiKeys api = api(request);
        return type.cast(wire.receive(api, versions.nearest(api, level)));
    }

    void send(int level, ApiMessage request) {
        ApiKeys api = api(request);
        wire().send(api, versions.nearest(api, level), request);
    }

    /** Sends a body that is not quite the request, and records the answer. */
    <T extends ApiMessage> void ask(String what, int version, ApiMessage request, ByteBuffer body, Class<T> type) {
        wire().send(api(request), version, body);
        receive(what, version, request, type);
    }

    private WireClient wire() {
        if (wire == null) {
            wire = new WireClient("127.0.0.1", port, Stage.PATIENCE_MS);
        }
        return wire;
    }

    <T extends ApiMessage> T receive(String what, int level, ApiMessage request, Class<T> type) {
        return receive(what, level, request, type, answer -> {});
    }

    private <T extends ApiMessage> T receive(
            String what, int level, ApiMessage request, Class<T> type, Consumer<T> reduce) {
        ApiKeys api = api(request);
        int version = versions.nearest(api, level);
        Case asked = new Case(api, version, what);
        try {
            T answer = type.cast(wire.receive(api, version));
            reduce.accept(answer);
            transcript.answered(asked, request, answer);
            return answer;
        } catch (UncheckedIOException e) {
            close();
            transcript.unanswered(asked, request, fate(e));
            return type.cast(api.messageType.newResponse());
        }
    }

    private static String fate(UncheckedIOException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
            return "no answer";
        }
        if (e.getCause() instanceof EOFException || e.getCause() instanceof SocketException) {
            return "connection closed";
        }
        throw e;
    }

    private static ApiKeys api(ApiMessage request) {
        return ApiKeys.forId(request.apiKey());
    }

    @Override
    public void close() {
        if (wire != null) {
            wire.close();
            wire = null;
        }
    }
}
