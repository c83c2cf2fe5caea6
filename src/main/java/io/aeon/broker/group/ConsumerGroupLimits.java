package io.aeon.broker.group;

import io.aeon.config.KafkaSettings;
import io.aeon.coordinator.group.environment.Assignors;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.Bounded;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.MigrationPolicy;
import java.util.List;
import java.util.Locale;

/** Reads the limits of groups of the consumer protocol from the broker's settings. */
final class ConsumerGroupLimits {
    private ConsumerGroupLimits() {}

    static ConsumerGroupSettings of(KafkaSettings kafka) {
        List<String> assignors = kafka.getList("group.consumer.assignors").stream()
                .map(KafkaSettings::assignorName)
                .toList();
        String policy = kafka.getString("group.consumer.migration.policy");
        return new ConsumerGroupSettings(
                new Bounded(
                        kafka.getInt("group.consumer.session.timeout.ms"),
                        kafka.getInt("group.consumer.min.session.timeout.ms"),
                        kafka.getInt("group.consumer.max.session.timeout.ms")),
                new Bounded(
                        kafka.getInt("group.consumer.heartbeat.interval.ms"),
                        kafka.getInt("group.consumer.min.heartbeat.interval.ms"),
                        kafka.getInt("group.consumer.max.heartbeat.interval.ms")),
                new Bounded(
                        kafka.getInt("group.consumer.assignment.interval.ms"),
                        kafka.getInt("group.consumer.min.assignment.interval.ms"),
                        kafka.getInt("group.consumer.max.assignment.interval.ms")),
                kafka.getInt("group.consumer.max.size"),
                kafka.getInt("group.consumer.regex.refresh.interval.ms"),
                Assignors.named(assignors),
                MigrationPolicy.valueOf(policy.toUpperCase(Locale.ROOT)));
    }
}
