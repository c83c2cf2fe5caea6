package io.aeon.coordinator;

import org.slf4j.event.Level;

/**
 * A line for the broker's log.
 *
 * @param level INFO for events that an operator needs to see, DEBUG for routine events
 */
public record Note(Level level, String text) {}
