package io.aeon.metadata.configs;

import io.aeon.config.KafkaSupport;
import io.aeon.logging.LimitedLines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Changes to settings, with the checks that the broker makes before the controller makes its own.
 *
 * @param <V> the change of one setting: a value, or an operation and a value
 */
final class ConfigChanges<V> {
    /**
     * One resource of a request. The settings are in request order; a name may occur twice.
     *
     * @param type as the client sent it, which may be no known type
     */
    record Change<V>(byte type, String name, List<Map.Entry<String, V>> settings) {
        ConfigResource resource() {
            return new ConfigResource(ConfigResource.Type.forId(type), name);
        }
    }

    private static final LimitedLines LINES =
            new LimitedLines(LoggerFactory.getLogger(ConfigChanges.class), System::nanoTime);

    private final BrokerChanges receiver;
    private final List<Change<V>> changes;
    private final Function<V, @Nullable String> newValue;
    private final Function<V, Boolean> removes;
    private final BiFunction<Map<String, String>, Map<String, V>, Map<String, String>> applied;
    private final Map<ConfigResource, ApiError> refused = new HashMap<>();
    private final Map<ConfigResource, Map<String, V>> accepted = new LinkedHashMap<>();

    private ConfigChanges(
            BrokerChanges receiver,
            List<Change<V>> changes,
            Function<V, @Nullable String> newValue,
            Function<V, Boolean> removes,
            BiFunction<Map<String, String>, Map<String, V>, Map<String, String>> applied) {
        this.receiver = receiver;
        this.changes = changes;
        this.newValue = newValue;
        this.removes = removes;
        this.applied = applied;
        changes.forEach(this::sort);
    }

    static ConfigChanges<String> replacing(BrokerChanges receiver, List<Change<String>> changes) {
        return new ConfigChanges<>(receiver, changes, value -> value, value -> false, (before, values) -> values);
    }

    static ConfigChanges<Map.Entry<OpType, String>> incremental(
            BrokerChanges receiver, List<Change<Map.Entry<OpType, String>>> changes) {
        return new ConfigChanges<>(
                receiver,
                changes,
                ConfigChanges::operand,
                operation -> operation.getKey() == OpType.DELETE,
                Operations::applied);
    }

    private static @Nullable String operand(Map.Entry<OpType, String> operation) {
        if (operation.getKey() == null) {
            throw new InvalidRequestException("Unknown operation type");
        }
        return operation.getValue();
    }

    /**
     * Sends the accepted changes to the controller.
     *
     * @return the result of each resource in request order
     */
    CompletableFuture<List<Map.Entry<Change<V>, ApiError>>> apply(
            Function<Map<ConfigResource, Map<String, V>>, CompletableFuture<Map<ConfigResource, ApiError>>>
                    controller) {
        return controller
                .apply(accepted)
                .exceptionally(this::allFailed)
                .thenApply(results -> changes.stream()
                        .map(change -> Map.entry(change, result(change.resource(), results)))
                        .toList());
    }

    private Map<ConfigResource, ApiError> allFailed(Throwable failure) {
        Map<ConfigResource, ApiError> results = new HashMap<>();
        accepted.keySet().forEach(resource -> results.put(resource, ApiError.fromThrowable(failure)));
        return results;
    }

    private ApiError result(ConfigResource resource, Map<ConfigResource, ApiError> results) {
        ApiError refusal = refused.get(resource);
        return refusal != null ? refusal : results.getOrDefault(resource, new ApiError(Errors.UNKNOWN_SERVER_ERROR));
    }

    private void sort(Change<V> change) {
        ConfigResource resource = change.resource();
        if (refused.containsKey(resource) || accepted.remove(resource) != null) {
            refused.put(resource, new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once."));
            return;
        }
        try {
            accepted.put(resource, checked(change));
        } catch (RuntimeException e) {
            refused.put(resource, ApiError.fromThrowable(e));
        }
    }

    private Map<String, V> checked(Change<V> change) {
        Map<String, V> settings = new LinkedHashMap<>();
        List<String> withoutValue = new ArrayList<>();
        for (Map.Entry<String, V> setting : change.settings()) {
            if (settings.put(setting.getKey(), setting.getValue()) != null) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
            if (!removes.apply(setting.getValue()) && newValue.apply(setting.getValue()) == null) {
                withoutValue.add(setting.getKey());
            }
        }
        if (!withoutValue.isEmpty()) {
            throw new InvalidRequestException("Null value not supported for : " + String.join(", ", withoutValue));
        }
        switch (change.resource().type()) {
            case TOPIC, GROUP -> {}
            case CLIENT_METRICS -> requireFewSubscriptions();
            case BROKER -> checkBroker(change.name(), settings);
            default -> throw new InvalidRequestException("Unknown resource type " + change.type());
        }
        return settings;
    }

    /** The controller compares the subscriptions of one request with those before it, not with each other. */
    private void requireFewSubscriptions() {
        long before = accepted.keySet().stream()
                .filter(resource -> resource.type() == ConfigResource.Type.CLIENT_METRICS)
                .count();
        if (before >= MetricsSubscriptions.MOST) {
            throw new InvalidRequestException(
                    "A request changes at most " + MetricsSubscriptions.MOST + " subscriptions to client metrics");
        }
    }

    private void checkBroker(String name, Map<String, V> settings) {
        if (!name.isEmpty()) {
            requireId(name);
        }
        Map<String, String> values = new TreeMap<>();
        settings.forEach((setting, change) -> {
            String value = newValue.apply(change);
            if (value != null && !removes.apply(change)) {
                values.put(setting, value);
            }
        });
        BrokerConfigs.requireDynamic(values);
        receiver.check(name, before -> applied.apply(before, settings));
        tellWhatHasNoEffect(settings.keySet());
    }

    private static void tellWhatHasNoEffect(Set<String> settings) {
        settings.forEach(setting -> BrokerConfigs.support(setting)
                .filter(support -> support.kind() == KafkaSupport.Kind.WITHOUT_EFFECT)
                .ifPresent(support -> LINES.add(
                        Level.INFO,
                        () -> "The change of the setting " + setting + " is stored but has no effect: "
                                + support.reason())));
    }

    private static void requireId(String name) {
        try {
            var unused = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("Node id must be an integer, but it is: " + name);
        }
    }
}
