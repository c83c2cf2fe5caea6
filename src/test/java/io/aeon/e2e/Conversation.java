package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A client that sends requests in all versions that a broker advertises, and records which versions have been answered.
 */
final class Conversation implements AutoCloseable {
    private static final Pattern ERROR_CODE = Pattern.compile("[eE]rrorCode=(-?\\d+)");

    private final WireClient client;
    private final List<ApiVersion> announced;
    private final Set<String> answered = new HashSet<>();

    Conversation(WireClient client) {
        this.client = client;
        ApiVersionsRequestData ask =
                new ApiVersionsRequestData().setClientSoftwareName("wire").setClientSoftwareVersion("1");
        this.announced = List.copyOf(client.call(ApiKeys.API_VERSIONS, 3, ask, ApiVersionsResponseData.class)
                .apiKeys());
    }

    /** The advertised versions whose requests can be decoded. For Produce the broker advertises more than these. */
    List<String> announced() {
        return announced.stream()
                .flatMap(api -> versions(ApiKeys.forId(api.apiKey())).stream()
                        .map(version -> named(ApiKeys.forId(api.apiKey()), version)))
                .toList();
    }

    Stream<ApiKeys> apis() {
        return announced.stream().map(api -> ApiKeys.forId(api.apiKey()));
    }

    List<Integer> versions(ApiKeys api) {
        return IntStream.rangeClosed(oldest(api), latest(api)).boxed().toList();
    }

    Set<String> answered() {
        return answered;
    }

    int latest(ApiKeys api) {
        return range(api).maxVersion();
    }

    private int oldest(ApiKeys api) {
        return Math.max(range(api).minVersion(), api.oldestVersion());
    }

    private ApiVersion range(ApiKeys api) {
        return announced.stream()
                .filter(each -> each.apiKey() == api.id)
                .findFirst()
                .orElseThrow(() -> new AssertionError(api + " is not announced"));
    }

    /**
     * Sends the request in the version of that level, or the nearest one, and expects no error anywhere in the reply.
     */
    <T extends ApiMessage> T well(ApiKeys api, int level, Class<T> type, IntFunction<? extends ApiMessage> request) {
        T response = ask(api, level, type, request);
        assertWell(response);
        return response;
    }

    /** Expects no error anywhere in the reply. */
    static void assertWell(ApiMessage response) {
        assertThat(errors(response)).describedAs("errors in %s", response).allMatch(error -> error == Errors.NONE);
    }

    <T extends ApiMessage> T ask(ApiKeys api, int level, Class<T> type, IntFunction<? extends ApiMessage> request) {
        int version = Math.min(Math.max(level, oldest(api)), latest(api));
        T response = client.call(api, version, request.apply(version), type);
        assertThat(errors(response)).describedAs("errors in %s", response).doesNotContain(Errors.UNKNOWN_SERVER_ERROR);
        answered.add(named(api, version));
        return response;
    }

    /** All errors of a reply and its parts, in the order of the reply. */
    static List<Errors> errors(ApiMessage response) {
        return ERROR_CODE
                .matcher(response.toString())
                .results()
                .map(found -> Errors.forCode(Short.parseShort(found.group(1))))
                .toList();
    }

    private static String named(ApiKeys api, int version) {
        return api.name + " v" + version;
    }

    @Override
    public void close() {
        client.close();
    }
}
