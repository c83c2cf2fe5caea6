package io.aeon.test.inside;

import io.aeon.config.SettingsException;
import io.aeon.control.ControlledBroker;
import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import io.aeon.embedded.StartException;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.utils.internals.Exit;
import org.jspecify.annotations.Nullable;

/**
 * Starts brokers for a caller of another class loader. It takes settings by their full path, and whether the broker is
 * closed when the JVM exits.
 */
public final class Entrance implements BiFunction<Map<String, Object>, Boolean, ControlledBroker> {
    /** @param loggers the project's logger of each name, to which the log lines go; null if the project has none */
    public Entrance(@Nullable Function<String, System.Logger> loggers) {
        ProjectLoggers.use(loggers);
        // Kafka's metrics would have one for the end of the JVM, which would hold these classes until then.
        Exit.setShutdownHookAdder((name, work) -> {});
    }

    /**
     * Starts a broker.
     *
     * @throws IllegalArgumentException a setting has a wrong value
     * @throws IllegalStateException the broker cannot start
     */
    @Override
    public ControlledBroker apply(Map<String, Object> settings, Boolean closesAtExit) {
        AeonBuilder builder = Aeon.builder();
        settings.forEach(builder::set);
        if (!closesAtExit) {
            builder.withoutExitHook();
        }
        try {
            return builder.start();
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (StartException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
