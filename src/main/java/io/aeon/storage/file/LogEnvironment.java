package io.aeon.storage.file;

import java.time.Clock;

/**
 * What all logs of a broker share.
 *
 * @param clock wall clock for segment roll and retention
 * @param maps the limit of memory maps and open descriptors
 * @param files the file operations; an interface, so that tests can inject faults
 */
public record LogEnvironment(Clock clock, MapBudget maps, LogFiles files) {}
