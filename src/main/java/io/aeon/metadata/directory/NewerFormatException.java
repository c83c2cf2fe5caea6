package io.aeon.metadata.directory;

import org.apache.kafka.common.config.ConfigException;

/** The data directory was written by a newer program. The message names what this one cannot read. */
public final class NewerFormatException extends ConfigException {
    private static final long serialVersionUID = 1L;

    public NewerFormatException(String message) {
        super(message);
    }
}
