package io.aeon.test;

import io.aeon.control.ControlledBroker;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Starts brokers of the class loader that has the broker's own libraries. All brokers of this JVM share that loader, so
 * that only the first one has to load the classes.
 */
final class IsolatedBrokers {
    private static final String ENTRANCE = "io.aeon.test.inside.Entrance";

    private static @Nullable BiFunction<Map<String, Object>, Boolean, ControlledBroker> entrance;

    private IsolatedBrokers() {}

    static ControlledBroker start(Map<String, Object> settings, boolean closesAtExit) {
        return entrance().apply(settings, closesAtExit);
    }

    private static synchronized BiFunction<Map<String, Object>, Boolean, ControlledBroker> entrance() {
        if (entrance == null) {
            entrance = open(jar());
        }
        return entrance;
    }

    /** Only types that the two loaders share cross the border. */
    @SuppressWarnings("unchecked")
    private static BiFunction<Map<String, Object>, Boolean, ControlledBroker> open(Path jar) {
        try {
            ClassLoader loader = new BrokerClassLoader(NestedJars.of(jar));
            return (BiFunction<Map<String, Object>, Boolean, ControlledBroker>)
                    loader.loadClass(ENTRANCE).getConstructor(Function.class).newInstance(ProjectLog.find());
        } catch (IOException e) {
            throw new IllegalStateException(jar + " cannot be read: " + e.getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(jar + " is not the jar of io.aeon:aeon-test: " + e.getMessage(), e);
        }
    }

    /** The jar that has this class. */
    private static Path jar() {
        CodeSource source = IsolatedBrokers.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IllegalStateException(source.getLocation() + " is not a file", e);
        }
    }
}
