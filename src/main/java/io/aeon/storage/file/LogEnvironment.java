package io.aeon.storage.file;

import java.time.Clock;

/**
 * What all logs of a broker share.
 *
 * @param clock wall time for roll and retention
 * @param maps the budget of memory maps
 * @param files the file operations, behind an interface so that tests can break them
 */
public record LogEnvironment(Clock clock, MapBudget maps, LogFiles files) {}
