package io.aeon.metadata.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.jspecify.annotations.Nullable;

/** Applies the operations of IncrementalAlterConfigs (KIP-339) to stored broker settings, as the controller does. */
final class Operations {
    private Operations() {}

    /**
     * The settings after the operations. What is no operation on a list is left to the controller, which refuses it.
     */
    static Map<String, String> applied(Map<String, String> before, Map<String, Map.Entry<OpType, String>> operations) {
        Map<String, String> after = new TreeMap<>(before);
        operations.forEach((setting, operation) -> {
            switch (operation.getKey()) {
                case SET -> after.put(setting, operation.getValue());
                case DELETE -> after.remove(setting);
                case APPEND, SUBTRACT ->
                    BrokerConfigs.key(setting)
                            .filter(key -> key.type == Type.LIST)
                            .ifPresent(key -> after.put(setting, listed(before.get(setting), key, operation)));
            }
        });
        return after;
    }

    private static String listed(@Nullable String stored, ConfigKey key, Map.Entry<OpType, String> operation) {
        List<String> items = items(stored == null ? ConfigDef.convertToString(key.defaultValue, key.type) : stored);
        List<String> operands = items(operation.getValue());
        if (operation.getKey() == OpType.APPEND) {
            operands.removeAll(items);
            items.addAll(operands);
        } else {
            items.removeAll(operands);
        }
        return String.join(",", items);
    }

    private static List<String> items(@Nullable String list) {
        List<String> items = new ArrayList<>(list == null ? List.of() : List.of(list.split(",", -1)));
        items.removeIf(String::isEmpty);
        return items;
    }
}
