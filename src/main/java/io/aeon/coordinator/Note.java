package io.aeon.coordinator;

import org.slf4j.event.Level;

/**
 * A line for the broker's log.
 *
 * @param level INFO for what an operator wants to read the next morning, DEBUG for the everyday
 */
public record Note(Level level, String text) {}
