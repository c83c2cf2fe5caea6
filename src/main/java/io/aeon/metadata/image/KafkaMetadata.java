package io.aeon.metadata.image;

import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.metadata.FeatureRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.metadata.BrokerRegistration;

/** The metadata of a stopped Apache Kafka node, as far as it decides what an import takes over. Immutable. */
public final class KafkaMetadata {
    private static final String TIERED = "remote.storage.enable";

    private final MetadataImage image;

    KafkaMetadata(MetadataImage image) {
        this.image = image;
    }

    /** Why one data directory of this node is not the whole cluster; empty if it is. */
    public Optional<String> missing() {
        Map<Integer, BrokerRegistration> brokers = image.cluster().brokers();
        if (brokers.size() > 1 || image.cluster().controllers().size() > 1) {
            TreeSet<Integer> nodes = new TreeSet<>(brokers.keySet());
            nodes.addAll(image.cluster().controllers().keySet());
            return Optional.of(
                    "its cluster has the nodes " + nodes + "; only a node that is the whole cluster can be imported");
        }
        return brokers.values().stream()
                .filter(broker -> broker.directories().size() > 1)
                .findFirst()
                .map(broker -> "the node has " + broker.directories().size()
                        + " log directories (log.dirs), and the partitions of the others are not here; let Kafka move"
                        + " all into one first (kafka-reassign-partitions)");
    }

    /**
     * What is copied and has no effect in Aeon, a line each. It stays in the metadata, where a Kafka node that opens
     * the directory finds it again. No line has the value of a setting.
     */
    public List<String> withoutEffect() {
        List<String> lines = new ArrayList<>();
        ofClients(lines);
        features(lines);
        new TreeMap<>(byText(image.configs().resourceData().keySet()))
                .forEach((text, resource) -> settings(text, resource, lines));
        return lines;
    }

    private void ofClients(List<String> lines) {
        TreeSet<String> users = new TreeSet<>();
        image.scram().mechanisms().values().forEach(credentials -> users.addAll(credentials.keySet()));
        if (!users.isEmpty()) {
            lines.add(count(users.size(), "user") + " with SCRAM credentials (" + String.join(", ", users)
                    + "): Aeon does not authenticate clients yet");
        }
        add(lines, image.acls().acls().size(), "ACL", "Aeon does not authorize clients yet");
        add(
                lines,
                image.delegationTokens().tokens().size(),
                "delegation token",
                "Aeon does not authenticate clients yet");
        QuotaChanges.NOT_HONOURED.forEach(key -> add(
                lines,
                (int) image.clientQuotas().entities().values().stream()
                        .filter(quotas -> quotas.quotas().containsKey(key))
                        .count(),
                "client quota",
                "Aeon does not honour " + key));
    }

    private static void add(List<String> lines, int count, String noun, String reason) {
        if (count > 0) {
            lines.add(count(count, noun) + ": " + reason);
        }
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private void features(List<String> lines) {
        Map<String, FeatureRange> supported = FeatureLevels.supported();
        new TreeMap<>(image.features().finalizedVersions()).forEach((name, level) -> {
            if (level > 0 && !supported.containsKey(name)) {
                lines.add("feature " + name + " at level " + level + ": Aeon does not have what it switches on");
            }
        });
    }

    private static Map<String, ConfigResource> byText(Collection<ConfigResource> resources) {
        return resources.stream()
                .collect(Collectors.toMap(KafkaMetadata::text, resource -> resource, (one, other) -> one));
    }

    private static String text(ConfigResource resource) {
        return switch (resource.type()) {
            case TOPIC -> "topic " + resource.name();
            case GROUP -> "group " + resource.name();
            case CLIENT_METRICS -> "client metrics " + resource.name();
            default -> resource.isDefault() ? "all brokers" : "broker " + resource.name();
        };
    }

    private void settings(String text, ConfigResource resource, List<String> lines) {
        Map<String, String> given = new TreeMap<>(image.configs().configMapForResource(resource));
        given.forEach((name, value) -> {
            Optional<String> reason = reason(resource.type(), name);
            if (reason.isPresent()) {
                lines.add(text + ", setting " + name + ": " + reason.get());
            }
        });
        if (Boolean.parseBoolean(given.get(TIERED))) {
            lines.add(text + ": only its records in this directory are copied, not those in the remote storage");
        }
    }

    /** Why a stored setting has no effect; empty if it has. */
    private static Optional<String> reason(ConfigResource.Type type, String name) {
        return switch (type) {
            case TOPIC ->
                KafkaSupport.ofTopic(name)
                        .filter(support -> support.kind() != Kind.HONOURED)
                        .map(KafkaSupport::reason);
            case GROUP ->
                Optional.of(KafkaSupport.ofGroup(name))
                        .filter(support -> support.kind() != Kind.HONOURED)
                        .map(KafkaSupport::reason);
            case BROKER ->
                KafkaSupport.of(name)
                        .filter(support -> support.kind() != Kind.HONOURED)
                        .map(KafkaSupport::reason)
                        .or(() -> KafkaSupport.of(name).isPresent()
                                ? Optional.empty()
                                : Optional.of("is not a broker setting of Kafka 4.4"));
            default -> Optional.empty();
        };
    }
}
