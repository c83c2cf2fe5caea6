package io.aeon.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import java.io.IOException;

/** Records as JSON and back: the components of a record are the fields of its object, and null is left out. */
final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_NULL, Include.ALWAYS))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Json() {}

    static HttpAnswer answer(Object value) throws IOException {
        return HttpAnswer.bytes(200, "application/json", MAPPER.writeValueAsBytes(value));
    }

    /** One line, as an event of a stream needs it. */
    static String line(Object value) throws IOException {
        return MAPPER.writeValueAsString(value);
    }

    /** @throws RefusedException the body is not what {@code type} needs */
    static <T> T body(HttpQuery query, Class<T> type) throws IOException {
        try {
            return MAPPER.readValue(query.body(), type);
        } catch (JsonProcessingException e) {
            throw RefusedException.wrong("the request cannot be read: " + e.getOriginalMessage());
        }
    }
}
