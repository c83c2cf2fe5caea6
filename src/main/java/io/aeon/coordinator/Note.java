package io.aeon.coordinator;

import org.slf4j.event.Level;

/**
 * A line for the broker's log.
 *
 * @param level WARN for what an operator should repair, INFO for events that an operator needs to see, DEBUG for
 *     routine events
 */
public record Note(Level level, String text) {}
