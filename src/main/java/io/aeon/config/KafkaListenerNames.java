package io.aeon.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Aeon's names of Kafka's listeners: the first listener for clients is {@code client}, the others keep their names in
 * lower case. Controller listeners have no name, because the controller runs in the same process.
 */
final class KafkaListenerNames {
    private static final String FIRST = "client";

    private final List<String> ofClients;
    private final Set<String> all = new LinkedHashSet<>();

    KafkaListenerNames(List<KafkaEndpoint> listeners, List<KafkaEndpoint> advertised, List<String> ofController) {
        (listeners.isEmpty() ? advertised : listeners).forEach(endpoint -> all.add(endpoint.listener()));
        this.ofClients = new ArrayList<>(all);
        ofController.forEach(name -> ofClients.remove(name.toUpperCase(Locale.ROOT)));
    }

    /** Whether a listener of that name is bound, for clients or for the controller. */
    boolean knows(KafkaEndpoint endpoint) {
        return all.contains(endpoint.listener());
    }

    List<String> ofClients() {
        return ofClients;
    }

    Optional<String> of(KafkaEndpoint endpoint) {
        return switch (ofClients.indexOf(endpoint.listener())) {
            case -1 -> Optional.empty();
            case 0 -> Optional.of(FIRST);
            default -> Optional.of(endpoint.listener().toLowerCase(Locale.ROOT));
        };
    }
}
