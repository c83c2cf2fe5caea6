package io.aeon.config;

/** A setting is wrong. The message begins with the setting's path and says what is wrong with it. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String path, String problem) {
        super(path + ": " + problem);
    }

    SettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
