package io.aeon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Which of a broker's listeners its cluster uses between nodes: {@code inter.broker.listener.name}. */
final class NodeListeners {
    static final String SETTING = "inter.broker.listener.name";

    private NodeListeners() {}

    /** @throws SettingsException the setting names none of {@code listeners}, which Kafka refuses as well */
    static void check(SettingsReader kafkaBlock, KafkaSettings kafka, Collection<String> listeners) {
        if (kafka.getString(SETTING) != null && listeners.stream().noneMatch(name -> isNamed(name, kafka))) {
            throw kafkaBlock.wrong(
                    SETTING,
                    "names no listener for clients; there are "
                            + String.join(
                                    ", ",
                                    listeners.stream()
                                            .map(ListenerSettings::nameInCluster)
                                            .toList()));
        }
    }

    /** The listener that the setting names, by default PLAINTEXT, and then the others by name. */
    static List<String> inOrder(KafkaSettings kafka, Collection<String> listeners) {
        return listeners.stream()
                .sorted(Comparator.comparing((String name) -> !isNamed(name, kafka))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static boolean isNamed(String listener, KafkaSettings kafka) {
        String named = kafka.getString(SETTING);
        return ListenerSettings.nameInCluster(listener)
                .equals(ListenerSettings.nameInCluster(named == null ? ListenerSettings.FIRST : named));
    }
}
