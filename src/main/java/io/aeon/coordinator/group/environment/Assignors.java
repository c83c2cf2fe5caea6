package io.aeon.coordinator.group.environment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.apache.kafka.coordinator.group.assignor.RangeAssignor;
import org.apache.kafka.coordinator.group.assignor.UniformAssignor;

/** The server-side assignors of Kafka. */
public final class Assignors {
    private static final Map<String, PartitionAssignor> BY_NAME =
            List.<PartitionAssignor>of(new UniformAssignor(), new RangeAssignor()).stream()
                    .collect(Collectors.toUnmodifiableMap(PartitionAssignor::name, Function.identity()));

    private Assignors() {}

    /** The assignors with these names, in this order; the names are valid. */
    public static List<PartitionAssignor> named(List<String> names) {
        return names.stream()
                .map(name -> Objects.requireNonNull(BY_NAME.get(name), name))
                .toList();
    }
}
