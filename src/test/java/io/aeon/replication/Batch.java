package io.aeon.replication;

import java.util.List;

/**
 * Records on their way from a leader to a follower.
 *
 * @param epochs leader epochs of the records
 */
record Batch(long base, List<Integer> epochs, List<Entry> entries) {}
