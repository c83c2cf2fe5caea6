package io.aeon.metadata;

import org.apache.kafka.common.utils.internals.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loggers that format a message only if it is wanted: Kafka's own format each one, several for every record replayed. */
final class PlainLogContext extends LogContext {
    @Override
    public Logger logger(Class<?> type) {
        return LoggerFactory.getLogger(type);
    }
}
