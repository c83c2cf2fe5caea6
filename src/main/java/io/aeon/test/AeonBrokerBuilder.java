package io.aeon.test;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the settings of a broker. Environment variables, files and system properties of the process have no effect
 * on them.
 */
public final class AeonBrokerBuilder {
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, Integer> topics = new LinkedHashMap<>();
    private boolean closesAtExit = true;

    AeonBrokerBuilder() {}

    /**
     * Sets one setting by its full path, for example {@code aeon.kafka.num.partitions}, or those of a block by a map.
     * The value is a string, a number, a boolean, or a list or map of such values. The last call for a setting counts.
     */
    public AeonBrokerBuilder set(String path, Object value) {
        settings.remove(path);
        settings.put(path, value);
        return this;
    }

    /** Keeps the data in {@code directory}, which remains after the broker stops. */
    public AeonBrokerBuilder dataDirectory(Path directory) {
        return set("aeon.data-dir", directory.toString());
    }

    /**
     * The caller closes the broker, also when the JVM exits. The broker itself has no shutdown hook once it runs, which
     * would run at the same time as the caller's.
     */
    public AeonBrokerBuilder withoutExitHook() {
        closesAtExit = false;
        return this;
    }

    /** Creates a topic before {@link #start()} returns. */
    public AeonBrokerBuilder topic(String name, int partitions) {
        topics.put(name, partitions);
        return this;
    }

    /**
     * Starts the broker and returns when it serves clients. A broker that the program does not close is closed when no
     * other thread keeps the JVM alive; if its data directory is temporary, also when the JVM exits, except after
     * {@link #withoutExitHook}.
     *
     * @throws IllegalArgumentException a setting has a wrong value, or a topic is refused; the message names it
     * @throws IllegalStateException the broker cannot start; the message states the reason
     */
    public AeonBroker start() {
        AeonBroker broker = AeonBroker.start(new LinkedHashMap<>(settings), closesAtExit);
        try {
            topics.forEach(broker::createTopic);
            return broker;
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }
}
