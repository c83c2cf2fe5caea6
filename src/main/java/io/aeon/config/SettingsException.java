package io.aeon.config;

import com.typesafe.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** A setting is wrong. The message contains the setting's path, the problem, and the place of the value. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String path, String problem) {
        super(path + ": " + problem);
    }

    SettingsException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param value the wrong value, with its file and line; null if there is none */
    static SettingsException at(String path, String problem, @Nullable ConfigValue value) {
        return new SettingsException(
                path, value == null ? problem : problem + " (" + value.origin().description() + ")");
    }
}
