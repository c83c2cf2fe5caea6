package io.aeon.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Makes the answers of two brokers comparable. Ids become symbols in the order of their appearance, times and addresses
 * become fixed marks, and lists whose order has no meaning are sorted. One object serves the answers of one broker to
 * one script.
 */
final class Normaliser {
    private static final Set<String> IDS = Set.of(
            "topicId",
            "memberId",
            "leader",
            "sessionId",
            "producerId",
            "clusterId",
            "replicaDirectoryId",
            "clientInstanceId",
            "subscriptionId");
    private static final String MAY_BE_NEGATIVE = "subscriptionId";
    private static final Set<String> TIMES_AND_ADDRESSES = Set.of(
            "port",
            "logDir",
            "totalBytes",
            "usableBytes",
            "brokerEpoch",
            "finalizedFeaturesEpoch",
            "logAppendTimeMs",
            "lastTimestamp",
            "transactionStartTimeMs",
            "lastFetchTimestamp",
            "lastCaughtUpTimestamp");
    private static final Set<String> PLACES_OF_THE_METADATA_LOG =
            Set.of("leaderEpoch", "highWatermark", "logEndOffset");
    private static final Pattern RANDOM_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern CLUSTER_ID = Pattern.compile("the cluster id \"[\\w-]{22}\"");
    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final Pattern DIRECTORY = Pattern.compile("/[\\w./-]*(junit|aeon)-\\d+[\\w./-]*");
    private static final Pattern BOUNDS_BY_THE_CLOCK = Pattern.compile("within \\[-?\\d+, -?\\d+]");
    private static final int SHORTEST_ID_IN_A_TEXT = 20;
    private static final TextNode MARK = new TextNode("*");

    private final Map<String, String> symbols = new HashMap<>();

    JsonNode normalise(ApiKeys api, JsonNode answer) {
        return symbolic(sorted(marked(api, answer)));
    }

    private JsonNode marked(ApiKeys api, JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            object.properties()
                    .forEach(field -> result.set(field.getKey(), marked(api, field.getKey(), field.getValue())));
            return result;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> result.add(marked(api, element)));
            return result;
        }
        return node;
    }

    private JsonNode marked(ApiKeys api, String field, JsonNode value) {
        boolean volatileField = TIMES_AND_ADDRESSES.contains(field)
                || (api == ApiKeys.DESCRIBE_QUORUM && PLACES_OF_THE_METADATA_LOG.contains(field));
        return volatileField && isSet(value) ? MARK : marked(api, value);
    }

    private static boolean isSet(JsonNode value) {
        return value.isNumber()
                ? value.asLong() > 0
                : value.isTextual()
                        && !value.asText().isEmpty()
                        && !value.asText().equals(Uuid.ZERO_UUID.toString());
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(field -> result.set(field.getKey(), sorted(field.getValue())));
            return result;
        }
        if (node instanceof ArrayNode array) {
            List<JsonNode> elements = new ArrayList<>();
            array.forEach(element -> elements.add(sorted(element)));
            if (elements.stream().allMatch(JsonNode::isObject)) {
                elements.sort(
                        Comparator.comparing(element -> withoutIds(element).toString()));
            }
            return JsonNodeFactory.instance.arrayNode().addAll(elements);
        }
        return node;
    }

    private static JsonNode withoutIds(JsonNode element) {
        ObjectNode copy = element.deepCopy();
        IDS.forEach(id -> copy.findParents(id).forEach(parent -> ((ObjectNode) parent).remove(id)));
        return copy;
    }

    private JsonNode symbolic(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode result = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(field -> {
                JsonNode value = field.getValue();
                boolean id = IDS.contains(field.getKey())
                        && (isSet(value) || field.getKey().equals(MAY_BE_NEGATIVE));
                result.set(field.getKey(), id ? new TextNode(symbol(value.asText())) : symbolic(value));
            });
            return result;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> result.add(symbolic(element)));
            return result;
        }
        return node.isTextual() ? new TextNode(withSymbols(node.asText())) : node;
    }

    private String symbol(String id) {
        return symbols.computeIfAbsent(id, first -> "id-" + (symbols.size() + 1));
    }

    private String withSymbols(String text) {
        String result = text;
        for (Map.Entry<String, String> known : symbols.entrySet()) {
            if (known.getKey().length() >= SHORTEST_ID_IN_A_TEXT) {
                result = result.replace(known.getKey(), known.getValue());
            }
        }
        for (Pattern pattern : List.of(ADDRESS, RANDOM_ID, CLUSTER_ID, DIRECTORY, BOUNDS_BY_THE_CLOCK)) {
            result = pattern.matcher(result).replaceAll("*");
        }
        return result;
    }
}
