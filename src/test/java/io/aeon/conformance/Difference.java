package io.aeon.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A place at which two answers to one request differ.
 *
 * @param path the names of fields, an element of an array by its name or number: {@code topics[orders].errorCode}
 */
record Difference(Case asked, String path, String kafka, String aeon) {
    private static final String ABSENT = "absent";
    private static final List<String> IDENTITIES = List.of(
            "name",
            "topicName",
            "topic",
            "resourceName",
            "groupId",
            "group",
            "apiKey",
            "partitionIndex",
            "partition",
            "index",
            "nodeId",
            "brokerId",
            "replicaId",
            "transactionalId",
            "memberId",
            "producerId",
            "topicId",
            "key",
            "baseOffset");

    static List<Difference> between(Case asked, JsonNode kafka, JsonNode aeon) {
        List<Difference> found = new ArrayList<>();
        compare(asked, "", kafka, aeon, found);
        return found;
    }

    private static void compare(Case asked, String path, JsonNode kafka, JsonNode aeon, List<Difference> found) {
        if (kafka instanceof ObjectNode && aeon instanceof ObjectNode) {
            compareAll(asked, path.isEmpty() ? "" : path + ".", "", fields(kafka), fields(aeon), found);
        } else if (kafka instanceof ArrayNode && aeon instanceof ArrayNode) {
            compareAll(asked, path + "[", "]", elements(kafka), elements(aeon), found);
        } else if (kafka == null || !kafka.equals(aeon)) {
            found.add(new Difference(asked, path, text(kafka), text(aeon)));
        }
    }

    private static void compareAll(
            Case asked,
            String before,
            String after,
            Map<String, JsonNode> kafka,
            Map<String, JsonNode> aeon,
            List<Difference> found) {
        Set<String> names = new LinkedHashSet<>(kafka.keySet());
        names.addAll(aeon.keySet());
        names.forEach(name -> compare(asked, before + name + after, kafka.get(name), aeon.get(name), found));
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    private static Map<String, JsonNode> elements(JsonNode array) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        for (int i = 0; i < array.size(); i++) {
            String identity = identity(array.get(i), i);
            elements.put(elements.containsKey(identity) ? identity + "#" + i : identity, array.get(i));
        }
        return elements;
    }

    private static String identity(JsonNode element, int index) {
        String name = IDENTITIES.stream()
                .map(element::path)
                .filter(value -> value.isNumber() || value.isTextual())
                .map(JsonNode::asText)
                .findFirst()
                .orElse(Integer.toString(index));
        return element.has("resourceType") ? name + " of type " + element.get("resourceType") : name;
    }

    private static String text(JsonNode node) {
        return node == null ? ABSENT : node.toString();
    }

    @Override
    public String toString() {
        return asked + "\n    at " + path + "\n      Kafka " + kafka + "\n      Aeon  " + aeon;
    }
}
