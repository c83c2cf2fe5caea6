package io.aeon.metadata.channel;

import org.apache.kafka.common.utils.internals.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loggers that format a message only if its level is enabled. Kafka's own format every message, several for each
 * replayed record.
 */
public final class PlainLogContext extends LogContext {
    @Override
    public Logger logger(Class<?> type) {
        return LoggerFactory.getLogger(type);
    }
}
