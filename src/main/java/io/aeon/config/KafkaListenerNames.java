package io.aeon.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Aeon's names of Kafka's listeners: the listener for clients that is called PLAINTEXT, or else the first one, is
 * {@code client}, the others keep their names in lower case. Controller listeners have no name, because the controller
 * runs in the same process.
 */
final class KafkaListenerNames {
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

    /** @param name a listener in upper case; a name that is not among the listeners for clients has none in Aeon */
    Optional<String> of(String name) {
        if (!ofClients.contains(name)) {
            return Optional.empty();
        }
        String plaintext = ListenerSettings.nameInCluster(ListenerSettings.FIRST);
        String first = ofClients.contains(plaintext) ? plaintext : ofClients.get(0);
        return Optional.of(name.equals(first) ? ListenerSettings.FIRST : name.toLowerCase(Locale.ROOT));
    }
}
