/**
 * Transactions, with one state machine per transactional id: a command and the time in, records, markers, replies out.
 */
@NullMarked
package io.aeon.coordinator.transaction;

import org.jspecify.annotations.NullMarked;
