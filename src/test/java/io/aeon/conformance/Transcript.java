package io.aeon.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/** What one broker answered to a script. */
final class Transcript {
    record Entry(Case asked, ApiMessage request, JsonNode answer) {}

    private Normaliser normaliser = new Normaliser();
    private final List<Entry> entries = new ArrayList<>();

    void answered(Case asked, ApiMessage request, ApiMessage answer) {
        JsonNode decoded = AnswerJson.of(answer, (short) asked.version());
        entries.add(new Entry(asked, request, normaliser.normalise(asked.api(), decoded)));
    }

    void unanswered(Case asked, ApiMessage request, String fate) {
        entries.add(new Entry(asked, request, new TextNode(fate)));
    }

    /** Symbols for ids begin anew. */
    void forgetIds() {
        normaliser = new Normaliser();
    }

    List<Entry> entries() {
        return entries;
    }
}
