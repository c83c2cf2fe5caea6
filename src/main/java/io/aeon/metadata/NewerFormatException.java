package io.aeon.metadata;

import org.apache.kafka.common.config.ConfigException;

/** The data directory was written by a newer program. The message names what this one cannot read. */
final class NewerFormatException extends ConfigException {
    private static final long serialVersionUID = 1L;

    NewerFormatException(String message) {
        super(message);
    }
}
